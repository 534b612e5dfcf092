#!/usr/bin/env python3
"""The report's page in a real headless Chromium: a small shot is rendered, and its page is used as a person does.

    report_page_test.py PLATEFALL SAMPLES [PICTURE.png]

With a third argument the page is kept there as a picture, to look at.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

import browser


def render(program, samples, folder):
    """The sample of plain compositing, which has several layers and renders in seconds."""
    subprocess.run([program, "render", str(samples / "street/collapse_stills.toml"), "--progress", "none",
                    "--set", f"cache.path={folder}/cache", "--set", f"output.path={folder}/out/street.####.exr"],
                   check=True, capture_output=True)
    return folder / "out/street.report.html"


def pressed(driver, group):
    return driver.execute_script(
        f"return [...document.querySelectorAll('#{group} [aria-pressed=\"true\"]')].map((b) => b.textContent)")


def click(driver, group, text):
    for button in driver.find_elements("css selector", f"#{group} button"):
        if button.text == text:
            button.click()
            return
    raise AssertionError(f"no button '{text}' in #{group}")


def clip(driver):
    return driver.execute_script("return getComputedStyle(document.getElementById('right')).clipPath")


def check_wipe(driver):
    from selenium.webdriver.common.action_chains import ActionChains
    from selenium.webdriver.common.keys import Keys

    handle = driver.find_element("id", "at")
    before = clip(driver)
    handle.send_keys(Keys.ARROW_RIGHT * 3)
    assert clip(driver) != before, "the arrow keys do not move the wipe"
    width = handle.size["width"]
    ActionChains(driver).move_to_element_with_offset(handle, -width // 2 + width // 4, 0).click().perform()
    percent = float(clip(driver).split()[-1].rstrip("%)"))
    assert 20 < percent < 30, f"a click at a quarter put the wipe at {percent} %"
    line = driver.execute_script("return document.getElementById('line').style.left")
    assert abs(float(line.rstrip("%")) - percent) < 0.2, "the line is not where the wipe is"


def check_layers(driver):
    assert pressed(driver, "lefts") == ["plate"] and pressed(driver, "rights") == ["comp"]
    comp = driver.find_element("id", "right").get_attribute("src")
    click(driver, "rights", "clean")
    clean = driver.find_element("id", "right").get_attribute("src")
    assert clean != comp and clean.startswith("data:image/jpeg"), "the layer did not change"
    assert driver.execute_script("return document.getElementById('right').naturalWidth") > 100, "the picture is broken"
    assert pressed(driver, "rights") == ["clean"]
    frames = [button.text for button in driver.find_elements("css selector", "#frames button")]
    click(driver, "frames", frames[0])
    assert driver.find_element("id", "right").get_attribute("src") != clean, "the frame did not change"
    assert pressed(driver, "frames") == [frames[0]]


def check_movie(driver):
    width = driver.execute_async_script("""
        const done = arguments[arguments.length - 1], video = document.querySelector('video');
        const check = () => done(video.videoWidth);
        video.readyState ? check() : video.addEventListener('loadedmetadata', check);
        video.addEventListener('error', () => done(-1));""")
    assert width > 100, f"the movie does not play ({width})"


def check_rest(driver):
    broken = driver.execute_script("return [...document.images].filter((i) => !i.naturalWidth).length")
    assert broken == 0, f"{broken} pictures are broken"
    bars = driver.execute_script("return document.querySelectorAll('#times rect').length")
    assert bars > 0, "no timings are drawn"
    assert driver.execute_script("return document.getElementById('curves').hidden"), "a shot without simulation has no plots"
    assert "photographed" in driver.find_element("id", "origins").text
    fetched = driver.execute_script("return performance.getEntriesByType('resource').filter((e) => !e.name.startsWith('data:')).map((e) => e.name)")
    assert not fetched, f"the page fetched {fetched}"


def main():
    browser.require_browser()
    with tempfile.TemporaryDirectory(prefix="platefall-report-") as folder:
        page = render(sys.argv[1], Path(sys.argv[2]), Path(folder))
        with browser.opened(page) as driver:
            check_wipe(driver)
            check_layers(driver)
            check_movie(driver)
            check_rest(driver)
            if len(sys.argv) > 3:
                driver.save_screenshot(sys.argv[3])
    print("the page does what it should")


if __name__ == "__main__":
    main()
