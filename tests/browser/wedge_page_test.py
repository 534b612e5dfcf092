#!/usr/bin/env python3
"""A wedge's page in a real headless Chromium: three variants are rendered, looked at, compared and one is picked.

    wedge_page_test.py PLATEFALL SAMPLES [PICTURE.png]

With a third argument the page is kept there as a picture, to look at.
"""

import shlex
import subprocess
import sys
import tempfile
from pathlib import Path

import browser

MANIFEST = """[shot]
name   = "stills"
frames = "1012,1030"

[plate]
path = "{0}/plate/street.####.exr"

[layer.cg]
path = "{0}/cg/street.####.exr"

[[stage]]
use    = "comp"
grain  = 0
layers = ["plate", {{ name = "cg", opacity = 1 }}]

[output]
path = "out/stills.####.exr"
"""


def render(program, samples, folder):
    (folder / "shot.toml").write_text(MANIFEST.format(samples / "street"))
    subprocess.run([program, "wedge", "shot.toml", "--vary", "comp.layers=[\"plate\"],[\"plate\", \"cg\"]", "--vary", "comp.grain=0,1",
                    "--proxy", "4", "--progress", "none"], cwd=folder, check=True, capture_output=True)
    return folder / "out/wedge/stills/wedge.html"


def large(driver):
    return driver.find_element("id", "large").get_attribute("src")


def name(driver):
    return driver.find_element("id", "name").text


def press(driver, key):
    from selenium.webdriver.common.action_chains import ActionChains
    ActionChains(driver).send_keys(key).perform()


def check_grid(driver):
    cards = driver.find_elements("css selector", "#grid button")
    assert len(cards) == 4, f"{len(cards)} cards"
    assert "grain 1" in cards[3].text and cards[3].text.startswith("4"), cards[3].text
    cards[2].click()
    assert name(driver).startswith("3"), name(driver)
    assert cards[2].get_attribute("aria-pressed") == "true"
    assert large(driver) == cards[2].find_element("tag name", "img").get_attribute("src"), "another picture is enlarged"
    assert driver.execute_script("return document.getElementById('large').naturalWidth") > 100, "the picture is broken"


def check_flick(driver):
    from selenium.webdriver.support.ui import Select
    Select(driver.find_element("id", "b")).select_by_index(0)
    assert name(driver).startswith("1"), "B shows at once when it is chosen"
    b = large(driver)
    driver.find_element("id", "flick").click()
    assert name(driver).startswith("3") and large(driver) != b
    press(driver, " ")
    assert name(driver).startswith("1") and large(driver) == b, "space flicks"
    press(driver, " ")
    assert name(driver).startswith("3")


def check_steps(driver):
    from selenium.webdriver.common.keys import Keys
    frames = [button.text for button in driver.find_elements("css selector", "#frames button")]
    assert frames == ["1012", "1030"], frames
    before = large(driver)
    press(driver, Keys.ARROW_RIGHT)
    assert large(driver) != before, "the frame did not change"
    press(driver, Keys.ARROW_LEFT)
    assert large(driver) == before
    press(driver, Keys.ARROW_DOWN)
    assert name(driver).startswith("4")
    press(driver, Keys.ARROW_DOWN)
    assert name(driver).startswith("1"), "from the last to the first"


def picking_command(driver):
    """As a person copies it."""
    from selenium.webdriver.common.keys import Keys
    press(driver, Keys.ARROW_DOWN)
    driver.find_element("id", "copy").click()
    command = driver.find_element("id", "command").text
    assert command == "platefall wedge shot.toml --pick 2", command
    assert driver.execute_script("return getSelection().toString()") == command, "the command is not selected"
    return command


def main():
    browser.require_browser()
    with tempfile.TemporaryDirectory(prefix="platefall-wedge-") as folder:
        folder = Path(folder)
        page = render(sys.argv[1], Path(sys.argv[2]).resolve(), folder)
        with browser.opened(page) as driver:
            check_grid(driver)
            check_flick(driver)
            check_steps(driver)
            command = picking_command(driver)
            if len(sys.argv) > 3:
                driver.save_screenshot(sys.argv[3])
        subprocess.run([sys.argv[1], *shlex.split(command)[1:]], cwd=folder, check=True, capture_output=True)
        picked = (folder / "shot.toml").read_text()
        assert "grain  = 1\nlayers = [\"plate\"]\n" in picked, picked
    print("the page does what it should")


if __name__ == "__main__":
    main()
