"""The pages in a real browser, headless Chromium: what they show, that the editor and the forms work, that
nothing is asked of another host and the console stays silent.

Skipped where Chromium or its driver is absent (Debian: chromium and chromium-driver).
"""

import json
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from test_server import ANSWER, start, stop

webdriver = pytest.importorskip("selenium.webdriver", reason="selenium is not installed")

from selenium.webdriver.chrome.options import Options  # noqa: E402
from selenium.webdriver.chrome.service import Service  # noqa: E402
from selenium.webdriver.common.by import By  # noqa: E402
from selenium.webdriver.support.ui import Select, WebDriverWait  # noqa: E402

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
DRIVER = shutil.which("chromedriver")
pytestmark = pytest.mark.skipif(
    CHROMIUM is None or DRIVER is None,
    reason="chromium or chromedriver is absent (apt-get install chromium-driver)",
)
PATIENCE = 30
#: Alone, silent and without a sandbox, which root does not have.
ARGUMENTS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
    "--disable-background-networking", "--disable-component-update", "--disable-dev-shm-usage",
    "--disable-default-apps", "--disable-extensions", "--no-default-browser-check", "--lang=en",
    "--window-size=1200,1000", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)  # fmt: skip


@pytest.fixture(scope="module")
def url(graph: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    process, address = start("--graph", str(graph), cwd=tmp_path_factory.mktemp("browsed"))
    try:
        yield address
    finally:
        stop(process)


class Browser:
    """Chromium on one server, with what it asked for and what it complained of."""

    def __init__(self, driver: Any, url: str) -> None:
        self.driver, self.url = driver, url
        self.asked: dict[str, str] = {}

    def open(self, path: str) -> None:
        self.driver.get(self.url + path.lstrip("/"))

    def one(self, selector: str) -> Any:
        return self.driver.find_element(By.CSS_SELECTOR, selector)

    def all(self, selector: str) -> list[Any]:
        found: list[Any] = self.driver.find_elements(By.CSS_SELECTOR, selector)
        return found

    def wait(self, until: Callable[[], Any]) -> Any:
        return WebDriverWait(self.driver, PATIENCE, 0.1).until(lambda _: until())

    def texts(self, selector: str) -> list[str]:
        return [str(element.get_property("textContent")).strip() for element in self.all(selector)]

    def check(self) -> None:
        """Nothing on the console; every request of our pages went to our server and came back."""
        assert self.driver.get_log("browser") == []
        for line in self.driver.get_log("performance"):
            message = json.loads(line["message"])["message"]
            about = message["params"]
            if message["method"] == "Network.requestWillBeSent" and about["documentURL"].startswith(self.url):
                self.asked[about["requestId"]] = about["request"]["url"]
            if message["method"] == "Network.loadingFailed" and about["requestId"] in self.asked:
                assert about.get("canceled"), self.asked[about["requestId"]]
        addresses = [a for a in self.asked.values() if not a.startswith(("data:", "blob:"))]
        assert addresses
        assert {urlsplit(address).netloc for address in addresses} == {urlsplit(self.url).netloc}


@pytest.fixture(scope="module")
def driver(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    options = Options()
    options.binary_location = CHROMIUM or ""
    for argument in (*ARGUMENTS, f"--user-data-dir={tmp_path_factory.mktemp('profile')}"):
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    driver = webdriver.Chrome(options=options, service=Service(DRIVER))
    try:
        driver.set_page_load_timeout(PATIENCE)
        yield driver
    finally:
        driver.quit()


@pytest.fixture
def browser(driver: Any, url: str) -> Browser:
    """The browser with nothing remembered of the test before."""
    driver.get("about:blank")
    everything = {"origin": url.rstrip("/"), "storageTypes": "all"}
    driver.execute_cdp_cmd("Storage.clearDataForOrigin", everything)
    driver.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
    for log in ("browser", "performance"):
        driver.get_log(log)
    return Browser(driver, url)


def test_the_start_page_shows_the_headline_answer_and_leads_to_a_statement(browser: Browser) -> None:
    browser.open("/")
    regions, printed = browser.texts("tbody td:nth-child(1)"), browser.texts("tbody td:nth-child(2)")
    assert set(zip(regions, printed, strict=True)) == ANSWER
    assert "5%以上" in browser.texts("td.words mark")
    colour = browser.one("mark").value_of_css_property("background-color")
    assert colour not in ("rgba(0, 0, 0, 0)", "rgb(255, 255, 0)")  # the stylesheet was taken
    browser.one('a[href^="/statement/"]').click()
    browser.wait(lambda: "/statement/" in browser.driver.current_url)
    assert browser.texts("blockquote mark")[0].startswith("5%")
    browser.check()


def test_the_editor_runs_a_query_that_is_typed_in(browser: Browser) -> None:
    browser.open("/query")
    browser.wait(lambda: browser.all("#yasgui .CodeMirror"))
    query = "SELECT ?name WHERE { <https://w3id.org/plankg/region/320582> <http://www.w3.org/2000/01/rdf-schema#label> ?name }"
    area = browser.one("#yasgui .CodeMirror textarea")
    browser.driver.execute_script("document.querySelector('#yasgui .CodeMirror').CodeMirror.setValue('')")
    area.send_keys(query)
    typed = "return document.querySelector('#yasgui .CodeMirror').CodeMirror.getValue()"
    assert "320582" in browser.driver.execute_script(typed)
    browser.one("#yasgui .yasqe_queryButton").click()
    browser.wait(lambda: any("张家港市" in text for text in browser.texts("#yasgui .dataTable td")))
    assert any("Zhangjiagang City" in text for text in browser.texts("#yasgui .dataTable td"))
    browser.check()


def test_the_editor_begins_with_an_example_and_its_iris_lead_to_our_pages(browser: Browser) -> None:
    browser.open("/query?question=top-regions")
    browser.wait(lambda: browser.all("#yasgui .CodeMirror"))
    Select(browser.one("#examples")).select_by_value("who-targeted")
    browser.one("#yasgui .yasqe_queryButton").click()
    links = browser.wait(
        lambda: [
            a for a in browser.all("#yasgui .dataTable a") if "/region/" in (a.get_attribute("href") or "")
        ]
    )
    browser.driver.execute_script("arguments[0].removeAttribute('target')", links[0])
    browser.driver.execute_script("arguments[0].click()", links[0])
    browser.wait(lambda: browser.driver.current_url.startswith(browser.url + "region/"))
    assert browser.one("h1").text
    browser.check()


def test_a_query_that_is_wrong_is_explained_in_the_editor(browser: Browser) -> None:
    browser.open("/query?query=SELECT%20%2A%20WHERE%20%7B%20%3Fs%20%3Fp%20%3Fo%20")
    browser.wait(lambda: browser.all("#yasgui .CodeMirror"))
    browser.one("#yasgui .yasqe_queryButton").click()
    browser.wait(lambda: any("Malformed query: " in text for text in browser.texts("#yasgui .errorResult")))


@pytest.mark.parametrize(
    "path", ["/indicator/gdp/growth", "/region/320582", "/report/suzhou-plan-2023", "/ontology"]
)
def test_a_page_of_linked_data_in_both_languages(path: str, browser: Browser) -> None:
    browser.open(path + "?lang=en")
    english = browser.one("h1").text
    browser.one('a[hreflang="zh"]').click()
    browser.wait(lambda: browser.one("html").get_attribute("lang") == "zh")
    assert browser.one("h1").text != english
    browser.check()


def test_a_question_is_asked_with_its_form(browser: Browser) -> None:
    browser.open("/questions")
    browser.one('a[href="/questions/who-targeted"]').click()
    field = browser.wait(lambda: browser.one("form.ask input[name=indicator]"))
    for name, value in (("indicator", "GDP增速"), ("year", "2023"), ("value", "5")):
        field = browser.one(f"form.ask input[name={name}]")
        field.clear()
        field.send_keys(value)
    Select(browser.one("form.ask select[name=level]")).select_by_value("District")
    browser.one("form.ask button").click()
    browser.wait(lambda: "level=District" in browser.driver.current_url)
    assert browser.texts("tbody td:nth-child(1)") == ["钟楼区"]
    assert browser.one("form.ask input[name=indicator]").get_attribute("value") == "GDP增速"
    browser.check()


def test_a_form_says_what_does_not_fit(browser: Browser) -> None:
    browser.open("/questions/targets-of-region?region=鼓楼区&year=2023")
    assert "320106" in browser.one('[role="alert"]').text
    assert browser.one("input[name=region]").get_attribute("aria-invalid") == "true"


def test_no_script_of_a_label_runs(browser: Browser) -> None:
    browser.open(
        "/questions/who-targeted?indicator=%22%3E%3Cimg%20src%3Dx%20onerror%3D%22document.title%3D%27taken%27%22%3E"
    )
    browser.open("/region/%3Cimg%20src%3Dx%20onerror%3D%22document.title%3D%27taken%27%22%3E")
    time.sleep(0.3)
    assert browser.driver.title != "taken"


@pytest.mark.parametrize("path", ["/", "/questions/who-targeted", "/region/320582", "/query"])
def test_a_page_fits_a_phone(path: str, browser: Browser) -> None:
    phone = {"width": 390, "height": 800, "deviceScaleFactor": 2, "mobile": True}
    browser.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", phone)
    browser.open(path)
    width = browser.driver.execute_script("return document.documentElement.scrollWidth")
    assert width <= 390
    browser.check()
