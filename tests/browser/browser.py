"""A real headless Chromium for the tests of pages."""

import contextlib
import shutil
import sys
import tempfile

SKIPPED = 77   # what CTest is told


def require_browser():
    """Ends the test as skipped, and says why, where there is none."""
    missing = [name for name in ("chromium", "chromedriver") if not shutil.which(name)]
    try:
        import selenium  # noqa: F401
    except ImportError:
        missing.append("python3-selenium")
    if missing:
        print("skipped: not installed: " + ", ".join(missing))
        sys.exit(SKIPPED)


@contextlib.contextmanager
def opened(page, width=1400, height=1000):
    """The page of a file in a browser without a network; fails when the page says anything on its console."""
    from selenium import webdriver
    from selenium.webdriver.chrome.service import Service

    with tempfile.TemporaryDirectory(prefix="platefall-browser-") as profile:
        options = webdriver.ChromeOptions()
        for argument in ("--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu",
                         "--host-resolver-rules=MAP * ~NOTFOUND", f"--user-data-dir={profile}",
                         f"--window-size={width},{height}"):
            options.add_argument(argument)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
        driver = webdriver.Chrome(service=Service(shutil.which("chromedriver")), options=options)
        try:
            driver.get(page.resolve().as_uri())
            yield driver
            said = [entry["message"] for entry in driver.get_log("browser")]
            assert not said, f"the page's console: {said}"
        finally:
            driver.quit()
