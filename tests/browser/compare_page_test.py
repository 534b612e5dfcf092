"""The page of `platefall compare`, used as a person does: the pointer flicks, keys flick and go on.

    compare_page_test.py PROGRAM SAMPLES
"""

import pathlib
import subprocess
import sys
import tempfile

import browser

browser.require_browser()
program, samples = sys.argv[1], pathlib.Path(sys.argv[2]).resolve()

from selenium.webdriver.common.action_chains import ActionChains  # noqa: E402
from selenium.webdriver.common.by import By  # noqa: E402


def make_page(folder):
    """Two frames that are the next one instead."""
    for side, numbers in (("a", (1001, 1003)), ("b", (1002, 1004))):
        (folder / side).mkdir()
        for number, name in zip(numbers, ("first", "second")):
            (folder / side / f"{name}.exr").symlink_to(samples / f"street/plate/street.{number}.exr")
    page = folder / "page.html"
    ended = subprocess.run([program, "compare", folder / "a", folder / "b", "--html", page, "--quiet"], stdout=subprocess.DEVNULL)
    assert ended.returncode == 4, ended.returncode
    return page


def check(driver):
    views = driver.find_elements(By.CSS_SELECTOR, ".views")
    a, b = (views[0].find_element(By.CSS_SELECTOR, side) for side in (".a", ".b"))

    def shows_the_other(figure):
        visibility = driver.execute_script(
            "return getComputedStyle(arguments[0].querySelector('img.other')).visibility", figure)
        return visibility == "visible", figure.find_element(By.CSS_SELECTOR, "figcaption").text

    def press(key):
        ActionChains(driver).send_keys(key).perform()

    def focused():
        return driver.execute_script("return document.activeElement.closest('section').querySelector('h2').textContent")

    assert len(views) == 2 and len(views[0].find_elements(By.CSS_SELECTOR, "figure")) == 4
    assert shows_the_other(a) == (False, "A, the reference: RGB")
    press("f")
    assert shows_the_other(a) == (True, "B, the new one")
    press("f")
    assert shows_the_other(a)[0] is False
    ActionChains(driver).move_to_element(b).perform()
    assert shows_the_other(b) == (True, "A, the reference: RGB") and not shows_the_other(a)[0]

    press("j")
    first = focused()
    press("j")
    assert {first, focused()} == {"first.exr", "second.exr"}
    press("k")
    assert focused() == first


with tempfile.TemporaryDirectory(prefix="platefall-compare-") as name:
    with browser.opened(make_page(pathlib.Path(name))) as driver:
        check(driver)
print("the page flicks")
