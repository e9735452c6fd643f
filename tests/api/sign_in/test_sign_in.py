"""Signing in with a real provider: the whole of it, and everything that must not work."""

import re
from collections.abc import Iterator
from datetime import timedelta
from html import unescape
from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

import httpx
import psycopg
import pytest

from api.main import create_app
from api.sign_in.routes import local
from deploy.clock import now
from deploy.issuer import ProviderConfig, provider
from deploy.network import Network
from domain.casework.service import Casework
from domain.store import Store
from tests.api.asking import HPR, leave, refusal
from tests.api.sign_in.browsing import BOTH, BOUND, CLERK, COOKIE, NOBODY, PID, Site, running, served
from tests.certificates import made_for
from tests.deploy.test_ending import free_port
from workers.access.identity import demonstrated, identity_of

RULINGS: Final = "/api/v1/rulings"
FACTS: Final = f"/api/v1/doctors/{HPR}/facts"


@pytest.fixture(scope="module")
def config() -> Iterator[ProviderConfig]:
    made = ProviderConfig(free_port(), service=f"https://localhost:{free_port()}", anybody=True)
    with provider(made):
        yield made


@pytest.fixture
def site(casework: Casework, config: ProviderConfig, tmp_path: Path) -> Iterator[Site]:
    with served(casework, config, tmp_path, made_for(tmp_path, "localhost")) as made:
        yield made


def with_(address: str, **changed: str) -> str:
    """An address with other parameters."""
    url = httpx.URL(address)
    return str(url.copy_merge_params(changed))


# ---------------------------------------------------------------- in


def test_who_signs_in_comes_back_to_where_they_were_and_is_known_on_pages_and_over_http(site: Site) -> None:
    browser = site.browser()
    assert refusal(browser.get(RULINGS)) == (401, "not-signed-in")
    begun = browser.sign_in(CLERK, return_to="/api/v1/docs")
    assert (begun.status_code, begun.headers["location"]) == (303, "/api/v1/docs")
    assert browser.get(RULINGS).status_code == 200
    page = browser.get("/").text
    assert "Logget inn som <strong>Ada Solberg</strong>, saksbehandler." in page
    assert "Logg ut" in page
    assert "Bytt" not in page, "there is nothing else to be"
    done = browser.client.post(
        site.at + FACTS,
        json=leave("l1"),
        headers={"Origin": site.at, "Alis-CSRF": browser.csrf(), "Alis-Reason": "for testen"},
    )
    assert done.status_code == 201, done.text


def test_what_is_asked_of_the_issuer_is_what_the_standards_want_and_nothing_of_it_stays_in_the_browser(
    site: Site,
) -> None:
    browser = site.browser()
    asked = {name: value for name, [value] in parse_qs(urlsplit(browser.asked()).query).items()}
    assert (asked["response_type"], asked["code_challenge_method"]) == ("code", "S256")
    assert asked["redirect_uri"] == f"{site.at}/sign-in/answer"
    assert min(len(asked[name]) for name in ("state", "nonce", "code_challenge")) >= 43
    other = parse_qs(urlsplit(browser.asked()).query)
    assert all(other[name] != [asked[name]] for name in ("state", "nonce", "code_challenge"))
    assert set(browser.client.cookies) == {BOUND}
    assert not any(asked[name] in browser.client.cookies[BOUND] for name in ("state", "nonce"))


def test_cookies_are_for_us_alone_and_for_no_script(site: Site) -> None:
    browser = site.browser()
    bound = browser.get("/sign-in").headers["set-cookie"]
    assert bound.startswith(f"{BOUND}=")
    assert {"HttpOnly", "Secure", "SameSite=lax", "Path=/", "Max-Age=600"} <= set(bound.split("; "))
    begun = browser.sign_in(CLERK).headers.get_list("set-cookie")[-1]
    assert begun.startswith(f"{COOKIE}=")
    assert {"HttpOnly", "Secure", "SameSite=lax", "Path=/"} <= set(begun.split("; "))
    assert "domain" not in begun.lower()
    assert "max-age" not in begun.lower()


def test_several_sign_ins_at_once_do_not_spoil_each_other(site: Site) -> None:
    browser = site.browser()
    first, second = browser.asked(), browser.asked("/api/v1/docs")
    assert browser.get(browser.answered(second, CLERK)).headers["location"] == "/api/v1/docs"
    assert browser.get(browser.answered(first, CLERK)).headers["location"] == "/"


def test_where_there_are_several_issuers_one_is_asked_which(casework: Casework, config: ProviderConfig) -> None:
    at = f"http://127.0.0.1:{free_port()}"
    [first] = demonstrated(config.issuer)
    silent = first.model_copy(update={"name": "Tause & co", "issuer": "http://127.0.0.1:9"})
    app = create_app(casework, network=Network(at, opened=False), identity=identity_of(casework, [first, silent]))
    with running(app, int(at.rpartition(":")[2]), None), httpx.Client(base_url=at, timeout=30) as client:
        page = client.get("/sign-in?return_to=/api/v1/docs")
        links = re.findall(r'<a href="([^"]+)">([^<]+)</a>', page.text)
        assert [name for _, name in links] == ["Demonstrasjonen", "Tause &amp; co"]
        assert {"http://127.0.0.1:9", config.issuer} <= set(re.split("[ ;]+", page.headers["content-security-policy"]))
        chosen, mute = (client.get(unescape(link)) for link, _ in links)
        assert chosen.headers["location"].startswith(f"{config.issuer}/auth?")
        assert mute.status_code == 503
        assert "svarer ikke akkurat nå" in mute.text
        assert client.get("/sign-in?issuer=ukjent").status_code == 400


# ---------------------------------------------------------------- what must not work


def test_an_answer_counts_once(site: Site) -> None:
    browser = site.browser()
    answer = browser.answered(browser.asked(), CLERK)
    assert browser.get(answer).status_code == 303
    again = browser.get(answer)
    assert again.status_code == 400
    assert "er brukt" in again.text


def test_a_code_of_one_sign_in_is_worth_nothing_in_another(site: Site) -> None:
    theirs, mine = site.browser(), site.browser()
    code = parse_qs(urlsplit(theirs.answered(theirs.asked(), CLERK)).query)["code"][0]
    answer = mine.answered(mine.asked(), BOTH)
    refused = mine.get(with_(answer, code=code))
    assert refused.status_code == 400
    assert "koden i svaret er brukt eller utløpt" in refused.text
    assert COOKIE not in mine.client.cookies


def test_nobody_can_be_signed_in_as_another_by_an_answer_from_another_browser(site: Site) -> None:
    attacker, victim = site.browser(), site.browser()
    answer = attacker.answered(attacker.asked(), CLERK)
    assert victim.get(answer).status_code == 400
    victim.asked()
    assert victim.get(answer).status_code == 400, "nor if they are about to sign in themselves"
    assert COOKIE not in victim.client.cookies
    assert attacker.get(answer).status_code == 303, "it was not used up by that"


@pytest.mark.parametrize("iss", ["https://evil.example", ""])
def test_an_answer_of_another_issuer_is_refused(site: Site, iss: str) -> None:
    browser = site.browser()
    refused = browser.get(with_(browser.answered(browser.asked(), CLERK), iss=iss))
    assert refused.status_code == 400
    assert "fra en annen innloggingstjeneste" in refused.text


def test_a_token_with_another_nonce_is_refused(site: Site) -> None:
    browser = site.browser()
    refused = browser.get(browser.answered(with_(browser.asked(), nonce="another"), CLERK))
    assert refused.status_code == 400
    assert COOKIE not in browser.client.cookies


def test_a_sign_in_lasts_ten_minutes(site: Site) -> None:
    browser = site.browser()
    answer = browser.answered(browser.asked(), CLERK)
    site.shift = timedelta(minutes=10, seconds=1)
    assert browser.get(answer).status_code == 400


def test_an_answer_that_nobody_asked_for_and_one_that_was_broken_off_are_told(site: Site) -> None:
    browser = site.browser()
    assert browser.get("/sign-in/answer").status_code == 400
    assert browser.get("/sign-in/answer?state=x&code=y").status_code == 400
    state = parse_qs(urlsplit(browser.asked()).query)["state"][0]
    broken = browser.get("/sign-in/answer", params={"state": state, "error": "access_denied", "iss": site.provider})
    assert broken.status_code == 400
    assert "fordi innloggingen ble avbrutt" in broken.text


def test_a_session_that_was_put_into_a_browser_beforehand_is_not_the_one_that_begins(site: Site) -> None:
    browser = site.browser()
    browser.client.cookies.set(COOKIE, "planted", domain="localhost.local", path="/")
    browser.sign_in(CLERK)
    assert browser.secret() != "planted"
    planted = site.browser()
    planted.client.headers["Cookie"] = f"{COOKIE}=planted"
    assert refusal(planted.get(RULINGS)) == (401, "not-signed-in")


def test_signing_in_anew_ends_the_session_before_it(site: Site) -> None:
    browser, old = site.browser(), site.browser()
    browser.sign_in(CLERK)
    old.client.headers["Cookie"] = f"{COOKIE}={browser.secret()}"
    assert old.get(RULINGS).status_code == 200
    browser.sign_in(CLERK)
    assert refusal(old.get(RULINGS)) == (401, "not-signed-in")
    assert browser.get(RULINGS).status_code == 200


@pytest.mark.parametrize(
    "path",
    ["https://evil.example", "//evil.example", "/\\evil.example", "\\\\evil.example", "/a\\..\\b", "javascript:x",
     "/\tevil", "/\n/evil.example", "", "evil", "/" + "a" * 600, "/æ"],
)  # fmt: skip
def test_nobody_is_sent_elsewhere_after_signing_in(path: str) -> None:
    assert local(path) == "/"


def test_a_path_of_our_own_is_gone_back_to_and_nothing_else(site: Site) -> None:
    assert local("/api/v1/doctors?name=a%20b&x=/y//z") == "/api/v1/doctors?name=a%20b&x=/y//z"
    assert site.browser().sign_in(CLERK, return_to="//evil.example").headers["location"] == "/"


# ---------------------------------------------------------------- how long


def test_a_session_ends_when_it_is_left_alone_and_each_use_moves_that(site: Site) -> None:
    browser = site.browser()
    browser.sign_in(CLERK)
    for minutes in (29, 58, 87):
        site.shift = timedelta(minutes=minutes)
        assert browser.get(RULINGS).status_code == 200
    site.shift = timedelta(minutes=117, seconds=5)
    assert refusal(browser.get(RULINGS)) == (401, "not-signed-in")


def test_a_session_ends_after_eight_hours_however_it_is_used(site: Site) -> None:
    browser = site.browser()
    browser.sign_in(CLERK)
    for minutes in range(25, 8 * 60, 25):
        site.shift = timedelta(minutes=minutes)
        assert browser.get(RULINGS).status_code == 200
    site.shift = timedelta(hours=8, seconds=5)
    assert refusal(browser.get(RULINGS)) == (401, "not-signed-in")


def test_a_session_that_is_used_is_written_to_at_most_once_a_minute(site: Site, database_url: str) -> None:
    browser = site.browser()
    browser.sign_in(CLERK)

    def seen() -> Any:  # noqa: ANN401 - the row
        with psycopg.connect(database_url) as connection:
            return connection.execute("SELECT xmin::text, seen_at FROM sessions").fetchone()

    began = seen()
    browser.get(RULINGS)
    assert seen() == began
    site.shift = timedelta(minutes=1)
    browser.get(RULINGS)
    assert seen() != began


# ---------------------------------------------------------------- which role


def test_who_has_several_roles_chooses_one_and_can_change_it(site: Site) -> None:
    browser = site.browser()
    assert browser.sign_in(BOTH, "/api/v1/docs").headers["location"] == "/choose?return_to=%2Fapi%2Fv1%2Fdocs"
    assert refusal(browser.get(RULINGS)) == (403, "choose-role")
    page = browser.get("/choose?return_to=/api/v1/docs").text
    assert re.findall(r'value="([a-z]+\|\|)">(\w+)<', page) == [
        ("caseworker||", "saksbehandler"),
        ("approver||", "godkjenner"),
    ]
    form = {"csrf": browser.csrf("/choose"), "capacity": "approver||", "return_to": "/api/v1/docs"}
    assert browser.post("/choose", form).headers["location"] == "/api/v1/docs"
    assert browser.get(RULINGS).status_code == 200
    assert "<strong>Bo Lind</strong>, godkjenner." in browser.get("/").text
    assert 'href="/choose">Bytt</a>' in browser.get("/").text
    assert refusal(browser.post("/choose", {**form, "capacity": "operator||"})) == (403, "not-your-role")
    assert (
        browser.post("/choose", {**form, "capacity": "caseworker||", "return_to": "//evil.example"}).headers["location"]
        == "/"
    )
    assert "<strong>Bo Lind</strong>, saksbehandler." in browser.get("/").text


def test_who_has_no_role_is_told_so_and_can_sign_out(site: Site) -> None:
    browser = site.browser()
    browser.sign_in(NOBODY)
    page = browser.get("/choose")
    assert "Du har ingen rolle her" in page.text
    assert "Logg ut" in page.text
    assert refusal(browser.get(RULINGS)) == (403, "no-role")


def test_who_is_not_signed_in_is_sent_to_sign_in_before_choosing(site: Site) -> None:
    assert site.browser().get("/choose").headers["location"] == "/sign-in?return_to=%2Fchoose"
    assert site.browser().post("/choose", {}).status_code == 303


# ---------------------------------------------------------------- out


def test_signing_out_ends_it_here_and_at_the_issuer(site: Site) -> None:
    browser = site.browser()
    browser.sign_in(CLERK)
    kept = browser.secret()
    sent = browser.post("/sign-out", {"csrf": browser.csrf()})
    there = httpx.URL(sent.headers["location"])
    assert (sent.status_code, f"{there.scheme}://{there.netloc.decode()}") == (303, site.provider)
    assert there.params["post_logout_redirect_uri"] == f"{site.at}/"
    assert there.params["id_token_hint"].count(".") == 2
    assert COOKIE not in browser.client.cookies
    browser.client.headers["Cookie"] = f"{COOKIE}={kept}"
    assert refusal(browser.get(RULINGS)) == (401, "not-signed-in")
    del browser.client.headers["Cookie"]
    page = browser.client.get(str(there))
    confirm = re.search(r'name="xsrf" value="(\w+)"', page.text)
    assert confirm, page.text
    gone = browser.client.post(f"{site.provider}/session/end/confirm", data={"xsrf": confirm[1], "logout": "yes"})
    assert gone.headers["location"] == f"{site.at}/"
    assert "Logg inn" in browser.get("/").text


def test_an_issuer_ends_the_sessions_of_its_own_by_their_name(site: Site) -> None:
    browser, other = site.browser(), site.browser()
    browser.sign_in({**CLERK, "sid": "of-ada"})
    other.sign_in({**BOTH, "sid": "of-bo"})
    for wrong in ({"iss": site.provider, "sid": "x"}, {"iss": "https://evil.example", "sid": "of-ada"}, {}):
        site.browser().get("/sign-in/ended", params=wrong)
        assert browser.get(RULINGS).status_code == 200
    told = site.browser().get("/sign-in/ended", params={"iss": site.provider, "sid": "of-ada"})
    assert told.status_code == 200
    assert f"frame-ancestors {site.provider}" in told.headers["content-security-policy"]
    assert refusal(browser.get(RULINGS)) == (401, "not-signed-in")
    assert refusal(other.get(RULINGS)) == (403, "choose-role"), "another's session goes on"


def _long() -> Any:  # noqa: ANN401 - arguments
    return now(), timedelta(days=1), timedelta(days=1)


# ---------------------------------------------------------------- one's own, and an operator's


def test_one_sees_ones_own_sessions_and_ends_those_of_other_browsers(site: Site) -> None:
    here, there, elsewhere, other = (site.browser() for _ in range(4))
    for browser in (here, there, elsewhere):
        browser.sign_in(CLERK)
    other.sign_in({**BOTH, "pid": "01810000043"})
    assert here.get("/sessions").text.count("Logget inn ") == 3, "the head of the page, and two others"
    assert "Du er ikke logget inn i noen annen nettleser." in other.get("/sessions").text
    theirs = re.findall(r'name="session" value="([0-9a-f]{64})"', here.get("/sessions").text)
    taken = {"csrf": other.csrf(), "session": theirs[0]}
    assert other.post("/sessions/end", taken).headers["location"] == "/sessions"
    assert there.get(RULINGS).status_code == 200, "another's session is nobody else's to end"
    here.post("/sessions/end", {"csrf": here.csrf(), "session": theirs[0]})
    assert refusal(there.get(RULINGS)) == (401, "not-signed-in")
    assert elsewhere.get(RULINGS).status_code == 200
    here.post("/sessions/end", {"csrf": here.csrf(), "session": "all"})
    assert refusal(elsewhere.get(RULINGS)) == (401, "not-signed-in")
    assert here.get(RULINGS).status_code == 200, "the one that asks goes on"


def test_ones_own_id_can_be_read_and_given_to_a_municipality(site: Site, store: Store) -> None:
    browser = site.browser()
    browser.sign_in(CLERK)
    found = re.search(r"<code>person:(p-[a-z2-7]{20})</code>", browser.get("/sessions").text)
    assert found
    assert store.persons.names([found[1]]) == {found[1]: "Ada Solberg"}
    assert site.browser().get("/sessions").headers["location"] == "/sign-in?return_to=%2Fsessions"
    assert site.browser().post("/sessions/end", {}).headers["location"] == "/sign-in?return_to=%2Fsessions"


def test_an_operator_ends_all_sessions_of_somebody(site: Site, casework: Casework) -> None:
    browser, other = site.browser(), site.browser()
    browser.sign_in(CLERK)
    other.sign_in({**BOTH, "pid": "01810000043"})
    sessions, everybody = casework.store.sessions, casework.store.persons.everybody()
    [ada] = [person for person, name in everybody.items() if name == "Ada Solberg"]
    assert {each.person for each in sessions.going_on(everybody, *_long())} == everybody.keys()
    assert sessions.end_of(casework.links.ids_of(ada)) == 1
    assert refusal(browser.get(RULINGS)) == (401, "not-signed-in")
    assert refusal(other.get(RULINGS)) == (403, "choose-role"), "another's session goes on"


@pytest.mark.parametrize("where", ["cross-site", "same-site"])
def test_a_link_on_anothers_page_signs_nobody_in_without_a_click_on_ours(site: Site, where: str) -> None:
    browser = site.browser()
    led = browser.get("/sign-in?return_to=/api/v1/docs", headers={"Sec-Fetch-Site": where})
    assert (led.status_code, BOUND in browser.client.cookies) == (200, False)
    link = re.search(r'<a href="(/sign-in[^"]+)">', led.text)
    assert link
    again = browser.get(unescape(link[1]), headers={"Sec-Fetch-Site": where})
    assert again.status_code == 200, "nor does a link that names the issuer"
    clicked = browser.get(unescape(link[1]), headers={"Sec-Fetch-Site": "same-origin"})
    assert (clicked.status_code, BOUND in browser.client.cookies) == (303, True)


# ---------------------------------------------------------------- from our pages alone


SENT: Final = [
    ({"Origin": "OWN", "Alis-CSRF": "TOKEN"}, 201),
    ({"Sec-Fetch-Site": "same-origin", "Alis-CSRF": "TOKEN"}, 201),
    ({"Origin": "OWN", "Sec-Fetch-Site": "same-origin", "Alis-CSRF": "TOKEN"}, 201),
    ({"Origin": "OWN"}, 403),
    ({"Origin": "OWN", "Alis-CSRF": ""}, 403),
    ({"Origin": "OWN", "Alis-CSRF": "0" * 64}, 403),
    ({"Origin": "OWN", "Alis-CSRF": "ANOTHER"}, 403),
    ({"Alis-CSRF": "TOKEN"}, 403),
    ({"Origin": "null", "Alis-CSRF": "TOKEN"}, 403),
    ({"Origin": "https://evil.example", "Alis-CSRF": "TOKEN"}, 403),
    ({"Origin": "https://localhost", "Alis-CSRF": "TOKEN"}, 403),
    ({"Origin": "OWN", "Sec-Fetch-Site": "cross-site", "Alis-CSRF": "TOKEN"}, 403),
    ({"Origin": "OWN", "Sec-Fetch-Site": "same-site", "Alis-CSRF": "TOKEN"}, 403),
    ({"Sec-Fetch-Site": "none", "Alis-CSRF": "TOKEN"}, 403),
]
"""Headers of a request, with words for what differs, and its status."""


def test_what_changes_something_by_cookie_comes_from_our_own_page_with_its_token(site: Site) -> None:
    browser, other = site.browser(), site.browser()
    browser.sign_in(CLERK)
    other.sign_in(CLERK)
    words = {"OWN": site.at, "TOKEN": browser.csrf(), "ANOTHER": other.csrf()}
    for number, (headers, status) in enumerate(SENT):
        sent = {name: words.get(value, value) for name, value in headers.items()} | {"Alis-Reason": "for testen"}
        fact = leave(f"l{number}", f"{2000 + number}-02-01", last_day=f"{2000 + number}-02-02")
        answered = browser.client.post(site.at + FACTS, json=fact, headers=sent)
        assert answered.status_code == status, (headers, answered.text)
        assert status == 201 or refusal(answered) == (403, "not-from-our-page")


@pytest.mark.parametrize("path", ["/sign-out", "/choose", "/sessions/end"])
def test_a_form_of_another_page_changes_nothing(site: Site, path: str) -> None:
    browser = site.browser()
    browser.sign_in(CLERK)
    token = {"csrf": browser.csrf(), "capacity": "caseworker||"}
    for form, headers in (
        ({**token, "csrf": ""}, {"Origin": site.at}),
        (token, {"Origin": "https://evil.example"}),
        (token, {"Origin": site.at, "Sec-Fetch-Site": "cross-site"}),
        (token, {"Accept": "*/*"}),
    ):
        assert refusal(browser.post(path, form, **headers)) == (403, "not-from-our-page")
    assert browser.get(RULINGS).status_code == 200


def test_a_token_of_a_machine_needs_no_page_and_goes_before_a_session(site: Site) -> None:
    browser = site.browser()
    browser.sign_in(CLERK)
    refused = browser.client.post(site.at + FACTS, json=leave("l1"), headers={"Authorization": "Bearer a.b.c"})
    assert refusal(refused) == (401, "token-refused")


def test_pages_send_forms_to_us_and_the_issuers_alone_and_run_nothing(site: Site) -> None:
    browser = site.browser()
    browser.sign_in(BOTH)
    for path in ("/", "/choose", "/sessions"):
        page = browser.get(path)
        assert f"form-action 'self' {site.provider};" in page.headers["content-security-policy"]
        assert "script-src" not in page.headers["content-security-policy"]
        assert "<script" not in page.text
        assert page.headers["referrer-policy"] == "same-origin", "a form would have no origin otherwise"
        assert page.headers.get_list("cache-control") == ["no-store"]


# ---------------------------------------------------------------- what is kept


def test_what_is_kept_of_a_session_nobody_can_read_who_has_only_the_database(
    site: Site, database_url: str, store: Store
) -> None:
    browser = site.browser()
    browser.asked()
    browser.sign_in(CLERK)
    with psycopg.connect(database_url) as connection:
        rows = str(connection.execute("SELECT * FROM sessions, sign_ins").fetchall())
    assert rows.count("began_at") or len(rows) > 500
    for secret in (browser.secret(), browser.client.cookies[BOUND], "Solberg", PID, "caseworker"):
        assert secret not in rows
    found = store.sessions.find(browser.secret(), *_long())
    assert found
    assert found["claims"]["pid"] == PID, "with the browser's own secret it is there"


def test_on_loopback_without_tls_the_cookie_has_another_name_and_the_guarded_one_counts_for_nothing(
    casework: Casework, tmp_path: Path
) -> None:
    config = ProviderConfig(free_port(), service=f"http://127.0.0.1:{free_port()}", anybody=True)
    with provider(config), served(casework, config, tmp_path, None) as site:
        browser = site.browser()
        begun = browser.sign_in(CLERK).headers.get_list("set-cookie")[-1]
        assert begun.startswith("alis_loopback=")
        assert "Secure" not in begun
        assert {"HttpOnly", "SameSite=lax", "Path=/"} <= set(begun.split("; "))
        assert browser.get(RULINGS).status_code == 200
        secret = browser.client.cookies["alis_loopback"]
        named = site.browser()
        named.client.headers["Cookie"] = f"{COOKIE}={secret}"
        assert refusal(named.get(RULINGS)) == (401, "not-signed-in")
        elsewhere = httpx.get(f"{site.at.replace('127.0.0.1', 'localhost')}/sign-in")
        assert elsewhere.headers["location"].startswith(f"{site.at}/sign-in?"), "where the issuer sends it back to"


def test_the_cookie_of_loopback_counts_for_nothing_under_tls(site: Site) -> None:
    browser = site.browser()
    browser.sign_in(CLERK)
    named = site.browser()
    named.client.headers["Cookie"] = f"alis_loopback={browser.secret()}"
    assert refusal(named.get(RULINGS)) == (401, "not-signed-in")
