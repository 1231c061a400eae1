"""A camera's challenge is answered as the RFCs say, with the strongest means that both know."""

import hashlib
import re
import secrets

import pytest
from hypothesis import given
from hypothesis import strategies as st

from demo.rtsp_server.auth import Login
from edge_agent.rtsp.auth import Challenge, Credentials, choose

ADMIN = Credentials("admin", "segredo")
#: Printable, as a person types it; a colon in a name cannot be told from the one behind it (RFC 7617).
NAMES = st.text(st.characters(min_codepoint=33, max_codepoint=0x17F, exclude_characters=":"), min_size=1)
PASSWORDS = st.text(st.characters(min_codepoint=32, max_codepoint=0x17F))


def challenge(*headers: str) -> Challenge:
    chosen = choose(headers)
    assert chosen is not None
    return chosen


def fields(authorization: str) -> dict[str, str]:
    return {
        name: quoted or bare
        for name, quoted, bare in re.findall(r'(\w+)=(?:"([^"]*)"|([^, ]+))', authorization)
    }


def test_basic_is_rfc_7617s_example() -> None:
    answer = challenge('Basic realm="WallyWorld"').authorization(
        Credentials("Aladdin", "open sesame"), "DESCRIBE", "rtsp://cam/1"
    )
    assert answer == "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="


def test_digest_without_qop_is_rfc_2069s() -> None:
    who = Credentials("Mufasa", "CircleOfLife")
    header = 'Digest realm="testrealm@host.com", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093"'
    answer = fields(challenge(header).authorization(who, "GET", "/dir/index.html"))
    assert answer["response"] == "1949323746fe6a43ef61f9606e7febea"  # RFC 2069, erratum 749
    assert "cnonce" not in answer


@pytest.mark.parametrize(
    ("algorithm", "expected"),
    [
        ("MD5", "8ca523f5e9506fed4657c9700eebdbec"),
        ("SHA-256", "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1"),
    ],
)
def test_digest_with_qop_is_rfc_7616s_example(
    monkeypatch: pytest.MonkeyPatch, algorithm: str, expected: str
) -> None:
    own = "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ"
    monkeypatch.setattr(secrets, "token_hex", lambda _: own)
    header = (
        f'Digest realm="http-auth@example.org", qop="auth, auth-int", algorithm={algorithm}, '
        'nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", '
        'opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"'
    )
    answer = fields(
        challenge(header).authorization(Credentials("Mufasa", "Circle of Life"), "GET", "/dir/index.html")
    )
    assert answer["response"] == expected
    assert answer["opaque"] == "FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"
    assert (answer["qop"], answer["nc"], answer["algorithm"]) == ("auth", "00000001", algorithm)


def test_the_count_goes_up_with_each_request_of_a_nonce() -> None:
    one = challenge('Digest realm="r", nonce="n", qop="auth"')
    assert [fields(one.authorization(ADMIN, "PLAY", "u"))["nc"] for _ in range(3)] == [
        "00000001",
        "00000002",
        "00000003",
    ]


@pytest.mark.parametrize(
    ("headers", "scheme", "algorithm"),
    [
        (['Basic realm="a"', 'Digest realm="b", nonce="n"'], "digest", ""),
        (['Digest realm="b", nonce="n"', 'Basic realm="a"'], "digest", ""),
        (['Basic realm="a", Digest realm="b", nonce="n"'], "digest", ""),
        (
            ['Digest realm="b", nonce="n", algorithm=MD5', 'Digest realm="b", nonce="n", algorithm=SHA-256'],
            "digest",
            "SHA-256",
        ),
        (['Digest realm="b", nonce="n", algorithm=SHA-512-256', 'Basic realm="a"'], "basic", ""),
        (['digest realm="b",nonce="n",algorithm="md5"'], "digest", "md5"),
        (["Basic"], "basic", ""),
    ],
)
def test_the_strongest_challenge_is_taken(headers: list[str], scheme: str, algorithm: str) -> None:
    chosen = challenge(*headers)
    assert chosen.scheme == scheme
    assert fields(chosen.authorization(ADMIN, "DESCRIBE", "u")).get("algorithm", "") == algorithm


@pytest.mark.parametrize(
    "headers", [[], [""], ["Bearer x"], ['Digest realm="r", algorithm=SHA-512-256'], [",,="]]
)
def test_what_nobody_can_answer_is_none(headers: list[str]) -> None:
    assert choose(headers) is None


def test_a_stale_nonce_is_told_from_a_wrong_password() -> None:
    assert challenge('Digest realm="r", nonce="n", stale=TRUE').is_stale
    assert challenge('Digest realm="r", nonce="n", stale="true"').is_stale
    assert not challenge('Digest realm="r", nonce="n", stale=false').is_stale
    assert not challenge('Digest realm="r", nonce="n"').is_stale


def test_a_realm_with_quotes_commas_and_colons_is_hashed_as_it_is_meant() -> None:
    realm = 'IP Camera(C1:2), "x\\y"'
    quoted = realm.replace("\\", "\\\\").replace('"', '\\"')
    answer = challenge(f'Digest realm="{quoted}", nonce="n"').authorization(ADMIN, "PLAY", "rtsp://cam/")
    assert f'realm="{quoted}"' in answer

    def md5(text: str) -> str:
        return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()

    expected = md5(f"{md5(f'admin:{realm}:segredo')}:n:{md5('PLAY:rtsp://cam/')}")
    assert f'response="{expected}"' in answer


@pytest.mark.parametrize("scheme", ["basic", "digest", "digest-sha256"])
@given(name=NAMES, password=PASSWORDS)
def test_any_name_and_password_open_a_camera_that_knows_them(scheme: str, name: str, password: str) -> None:
    login = Login(name, password, scheme)  # type: ignore[arg-type]
    one = challenge(login.challenge())
    answer = one.authorization(Credentials(name, password), "SETUP", "rtsp://cam/track1?x=1")
    assert login.accepts(answer, "SETUP")
    wrong = one.authorization(Credentials(name, password + "x"), "SETUP", "rtsp://cam/track1?x=1")
    assert not login.accepts(wrong, "SETUP")


@given(header=st.text() | st.from_regex(r'\A(Digest|Basic)( \w+=("[^"]*"|\w*),?){0,6}\Z'))
def test_a_challenge_of_any_text_raises_nothing(header: str) -> None:
    chosen = choose([header])
    if chosen is not None:
        assert chosen.authorization(ADMIN, "PLAY", "rtsp://cam/").lower().startswith(chosen.scheme)


def test_credentials_are_not_shown() -> None:
    assert "segredo" not in repr(ADMIN)


def expected(function: str, *texts: str) -> str:
    return hashlib.new(function, ":".join(texts).encode(), usedforsecurity=False).hexdigest()


@pytest.mark.parametrize(("algorithm", "function"), [("MD5-sess", "md5"), ("SHA-256-sess", "sha256")])
@pytest.mark.parametrize("qop", ["", ', qop="auth"', ', qop="AUTH,auth-int"'])
def test_a_sessions_key_is_rfc_7616s(algorithm: str, function: str, qop: str) -> None:
    """H(H(user:realm:password):nonce:cnonce), with one client nonce for all requests of a challenge."""
    asked = challenge(f'Digest realm="cam", nonce="n0", algorithm={algorithm}{qop}')
    first, second = (fields(asked.authorization(ADMIN, method, "rtsp://c/1")) for method in ("SETUP", "PLAY"))
    assert first["cnonce"] == second["cnonce"]
    key = expected(function, expected(function, "admin", "cam", "segredo"), "n0", second["cnonce"])
    request = expected(function, "PLAY", "rtsp://c/1")
    between = ["00000002", second["cnonce"], "auth"] if qop else []
    assert second["response"] == expected(function, key, "n0", *between, request)
    assert second.get("qop") == ("auth" if qop else None)
    assert second["algorithm"] == algorithm


def test_a_camera_that_wants_the_body_protected_gets_the_digest_of_none() -> None:
    asked = challenge('Digest realm="cam", nonce="n0", qop="auth-int"')
    sent = fields(asked.authorization(ADMIN, "PLAY", "u"))
    request = expected("md5", "PLAY", "u", expected("md5", ""))
    secret = expected("md5", "admin", "cam", "segredo")
    assert sent["qop"] == "auth-int"
    assert sent["response"] == expected("md5", secret, "n0", "00000001", sent["cnonce"], "auth-int", request)


def test_the_stronger_hash_is_chosen_also_for_a_session() -> None:
    chosen = choose(
        ['Digest realm="r", nonce="n", algorithm=MD5', 'Digest realm="r", nonce="n", algorithm=SHA-256-sess']
    )
    assert chosen is not None and chosen.strength == 2
