"""A real mail server: encryption, sign-in, refusals, lost connections."""

import socket
import ssl
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
import trustme

from notify.letters import letter
from notify.mail_server import PASSWORD, USER, MailServer
from tracker.notify.mail_url import open_post
from tracker.notify.ports import Letter, NotDelivered
from tracker.notify.smtp import Server, Smtp

# What the server's library says of a sign-in without encryption, which is here on purpose.
pytestmark = pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")
SIGN_IN = f"{USER}:{quote(PASSWORD, safe='')}@"


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    """Somebody who signs certificates."""
    return trustme.CA()


@pytest.fixture
def certified(authority: trustme.CA) -> ssl.SSLContext:
    """A server's side of an encrypted connection, under the name `localhost`."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(context)
    return context


@pytest.fixture
def trusted(authority: trustme.CA, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """This machine trusts the authority."""
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))


@pytest.fixture(params=[False, True], ids=["one", "many"])
def server(request: pytest.FixtureRequest) -> Iterator[MailServer]:
    """A server without encryption, which takes one command at a time or many."""
    with MailServer(takes_many=request.param) as started:
        yield started


def send(mail_url: str, count: int = 1, to: tuple[str, ...] = ("anna@example.org",)) -> None:
    """Mails over one connection."""
    with open_post(mail_url) as post:
        for number in range(count):
            post.send(letter(number, to=to))


def failure(mail_url: str, to: tuple[str, ...] = ("anna@example.org",)) -> NotDelivered:
    """How the sending of a mail fails."""
    with pytest.raises(NotDelivered) as caught:
        send(mail_url, to=to)
    assert PASSWORD not in f"{caught.value}{caught.value!r}"
    return caught.value


def test_many_mails_go_over_one_connection(server: MailServer) -> None:
    """A sign-in for each of a thousand mails would take minutes."""
    send(f"smtp://127.0.0.1:{server.port}", count=50)
    assert len(server.mails) == 50
    assert server.connections == 1


@pytest.mark.usefixtures("trusted")
@pytest.mark.parametrize("ending", ["", "?tls=starttls"])
def test_starttls_is_used_where_it_is_offered(certified: ssl.SSLContext, ending: str) -> None:
    """With the user and the password after it, never before."""
    with MailServer(tls=certified, sign_in=True) as server:
        send(f"smtp://{SIGN_IN}localhost:{server.port}{ending}", count=2)
    assert server.encrypted == [True, True]


@pytest.mark.usefixtures("trusted")
def test_smtps_is_encrypted_from_the_start(certified: ssl.SSLContext) -> None:
    """And signs in."""
    with MailServer(whole=certified, sign_in=True) as server:
        send(f"smtps://{SIGN_IN}localhost:{server.port}")
    assert server.encrypted == [True]


@pytest.mark.parametrize("scheme", ["smtp", "smtps"])
def test_a_certificate_that_nobody_vouches_for_is_refused(certified: ssl.SSLContext, scheme: str) -> None:
    """Nothing is sent; it is tried again, for the mail is not at fault."""
    ways = {"smtp": MailServer(tls=certified), "smtps": MailServer(whole=certified)}
    with ways[scheme] as server:
        error = failure(f"{scheme}://{SIGN_IN}localhost:{server.port}")
    assert "certificate is not trusted" in error.reason
    assert not error.permanent
    assert server.mails == []


@pytest.mark.usefixtures("trusted")
def test_a_certificate_under_another_name_is_refused(certified: ssl.SSLContext) -> None:
    """It is good for `localhost` and not for the address in numbers."""
    with MailServer(tls=certified) as server:
        error = failure(f"smtp://127.0.0.1:{server.port}?tls=starttls")
    assert "certificate is not trusted" in error.reason
    assert server.mails == []


def test_starttls_that_is_asked_for_and_not_offered_sends_nothing(server: MailServer) -> None:
    """Somebody on the way may have struck out the offer."""
    error = failure(f"smtp://127.0.0.1:{server.port}?tls=starttls")
    assert "offers no STARTTLS" in error.reason
    assert not error.permanent
    assert server.mails == []


def test_a_password_leaves_this_machine_only_encrypted(server: MailServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """Unless the settings say otherwise. The server here stands for one elsewhere."""
    monkeypatch.setattr("tracker.notify.smtp.LOOPBACK", ())
    server.sign_in = True
    assert "no encryption for the password" in failure(f"smtp://{SIGN_IN}127.0.0.1:{server.port}").reason
    send(f"smtp://{SIGN_IN}127.0.0.1:{server.port}?tls=none")
    assert server.encrypted == [False]


@pytest.mark.parametrize("sign_in", ["tracker:wrong@", "tracker:%C5%BCwrong@", ""])
def test_a_wrong_password_is_no_fault_of_the_mail(server: MailServer, sign_in: str) -> None:
    """It can go out once the settings are right."""
    server.sign_in = True
    error = failure(f"smtp://{sign_in}127.0.0.1:{server.port}")
    assert not error.permanent
    assert "wrong" not in error.reason


@pytest.mark.parametrize(("answer", "permanent"), [("450 4.2.1 busy", False), ("550 5.1.1 <x@y.test> unknown", True)])
def test_a_receiver_who_is_refused(server: MailServer, answer: str, permanent: bool) -> None:
    """The error says who, and whether for good; its sentence names nobody."""
    server.refused["bob@example.org"] = answer
    error = failure(f"smtp://127.0.0.1:{server.port}", to=("anna@example.org", "bob@example.org"))
    assert error.permanent is permanent
    assert list(error.refused) == ["bob@example.org"]
    assert answer[:9] in error.refused["bob@example.org"]
    assert answer[:3] in error.reason
    assert "@" not in error.reason + error.refused["bob@example.org"]
    assert server.mails == []


def test_one_refused_for_good_and_one_for_now(server: MailServer) -> None:
    """The lasting one counts: the same mail would meet it again."""
    server.refused |= {"anna@example.org": "450 busy", "bob@example.org": "550 unknown"}
    error = failure(f"smtp://127.0.0.1:{server.port}", to=("anna@example.org", "bob@example.org"))
    assert (error.permanent, list(error.refused)) == (True, ["bob@example.org"])


@pytest.mark.parametrize(("answer", "permanent"), [("452 4.3.1 full", False), ("554 5.7.1 no", True)])
def test_a_content_that_is_refused(server: MailServer, answer: str, permanent: bool) -> None:
    """For now or for good, as the server says; nobody in particular is to blame."""
    server.content_answer = answer
    error = failure(f"smtp://127.0.0.1:{server.port}")
    assert (error.permanent, error.refused) == (permanent, {})


def test_the_next_mail_goes_out_after_one_that_was_refused(server: MailServer) -> None:
    """Over the same connection, and to its own receivers alone."""
    server.refused["bob@example.org"] = "550 unknown"
    with open_post(f"smtp://127.0.0.1:{server.port}") as post:
        with pytest.raises(NotDelivered):
            post.send(letter(1, to=("anna@example.org", "bob@example.org")))
        post.send(letter(2, to=("carla@example.org",), cc=("carla@example.org", "dora@example.org")))
    assert [envelope.rcpt_tos for envelope in server.envelopes] == [["carla@example.org", "dora@example.org"]]
    assert server.connections == 1


def test_the_next_mail_may_be_announced(server: MailServer) -> None:
    """While the answer is waited for; it arrives once, after the one before, over the same connection."""
    letters: list[Letter | None] = [letter(number) for number in range(5)]
    with open_post(f"smtp://127.0.0.1:{server.port}") as post:
        for one, following in zip(letters, [*letters[1:], None], strict=True):
            assert one is not None
            post.send(one, lambda then=following: then)  # type: ignore[misc] # mypy takes the default for no value
    assert [mail["Message-ID"] for mail in server.mails] == [f"<{number}@example.org>" for number in range(5)]
    assert (server.connections, len(server.named)) == (1, 5)


def test_a_mail_that_was_announced_and_is_not_sent_reaches_nobody(server: MailServer) -> None:
    """Another one may take its place, or none."""
    with open_post(f"smtp://127.0.0.1:{server.port}") as post:
        post.send(letter(1), lambda: letter(2, to=("bob@example.org",)))
        post.send(letter(3), lambda: letter(4, to=("bob@example.org",)))
    assert [mail["Message-ID"] for mail in server.mails] == ["<1@example.org>", "<3@example.org>"]


def test_a_mail_that_was_announced_to_somebody_unknown_is_refused(server: MailServer) -> None:
    """Just as one that was not; the one after it goes out."""
    server.refused["bob@example.org"] = "550 5.1.1 unknown"
    unknown = letter(2, to=("bob@example.org",))
    with open_post(f"smtp://127.0.0.1:{server.port}") as post:
        post.send(letter(1), lambda: unknown)
        with pytest.raises(NotDelivered) as caught:
            post.send(unknown)
        post.send(letter(3))
    assert (caught.value.permanent, list(caught.value.refused)) == (True, ["bob@example.org"])
    assert [mail["Message-ID"] for mail in server.mails] == ["<1@example.org>", "<3@example.org>"]
    assert server.connections == 1


def test_a_mail_that_was_announced_on_a_connection_that_closed_is_sent_over_another(server: MailServer) -> None:
    """Nothing of it was handed over yet."""
    server.closes_after = 1
    following = letter(2)
    with open_post(f"smtp://127.0.0.1:{server.port}") as post:
        post.send(letter(1), lambda: following)
        post.send(following)
    assert [mail["Message-ID"] for mail in server.mails] == ["<1@example.org>", "<2@example.org>"]


def test_what_is_interrupted_in_the_middle_of_a_mail_leaves_the_connection(server: MailServer) -> None:
    """The next mail is not taken for an answer's owner: it goes over a new one."""
    with open_post(f"smtp://127.0.0.1:{server.port}") as post:
        with pytest.raises(KeyboardInterrupt):
            post.send(letter(1), _interrupted)
        server.mails.clear()
        post.send(letter(2))
    assert [mail["Message-ID"] for mail in server.mails][-1] == "<2@example.org>"
    assert server.connections == 2


def _interrupted() -> None:
    raise KeyboardInterrupt


def test_a_connection_that_was_closed_meanwhile_is_made_anew(server: MailServer) -> None:
    """Servers hang up after so many mails, or when they have heard nothing for a while."""
    server.closes_after = 3
    send(f"smtp://127.0.0.1:{server.port}", count=5)
    assert [mail["Message-ID"] for mail in server.mails] == [f"<{number}@example.org>" for number in range(5)]
    assert server.connections == 2


def test_nobody_listens() -> None:
    """Tried again later."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        error = failure(f"smtp://127.0.0.1:{taken.getsockname()[1]}")
    assert not error.permanent
    assert "Connection refused" in error.reason


def test_a_server_that_says_nothing_is_waited_for_once() -> None:
    """The mails that follow fail at once, until the Post is left."""
    with socket.create_server(("127.0.0.1", 0)) as mute:
        post = Smtp(Server("127.0.0.1", mute.getsockname()[1], "offered"), timeout=0.2)
        with post:
            for _ in range(3):
                with pytest.raises(NotDelivered, match="timed out") as caught:
                    post.send(letter())
                assert not caught.value.permanent
        mute.settimeout(1)
        mute.accept()[0].close()
        mute.setblocking(False)
        with pytest.raises(BlockingIOError):
            mute.accept()


def test_an_address_beyond_ascii(server: MailServer) -> None:
    """Goes out where the server takes such addresses."""
    send(f"smtp://127.0.0.1:{server.port}", to=("żaneta@example.org",))
    assert [envelope.rcpt_tos for envelope in server.envelopes] == [["żaneta@example.org"]]
    assert server.mails[0]["To"] == "żaneta@example.org"
