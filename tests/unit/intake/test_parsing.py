"""Any bytes are read, in bounded time and memory."""

from __future__ import annotations

import struct
import time
import tracemalloc
from email.message import EmailMessage

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpdesk.intake.charsets import decode
from helpdesk.intake.headers import addresses_in, decoded_words
from helpdesk.intake.parsing import parse
from helpdesk.intake.parts import PARTS_MAX
from helpdesk.intake.texts import from_html

SAMPLES = {
    "gb2312": "您好，这张发票的金额为什么和上个月不一样？请说明。",
    "gb18030": "請您說明賬單，謝謝。𠮷先生",
    "big5": "您好，這張發票的金額為什麼和上個月不一樣？請說明。",
    "iso-2022-jp": "請求書の金額について、ご確認をお願いいたします。",
    "shift_jis": "請求書の金額について、ご確認をお願いいたします。",
    "euc-jp": "請求書の金額について、ご確認をお願いいたします。",
    "utf-8": "Müller fragt: 为什么？",
    "utf-16": "为什么",
    "koi8-r": "Почему счёт выше?",
}


def mail(body: bytes, content_type: str = "text/plain", **headers: str) -> bytes:
    """A mail of one part."""
    rows = {"From": "a@b.example", "Content-Type": content_type} | headers
    return "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in rows.items()).encode() + b"\r\n" + body


@pytest.mark.parametrize("charset", SAMPLES)
def test_a_declared_charset_is_read(charset: str) -> None:
    text = SAMPLES[charset]

    assert parse(mail(text.encode(charset), f"text/plain; charset={charset}")).text == text


@pytest.mark.parametrize("declared", ["us-ascii", "iso-8859-1", "utf-8", "x-unknown", "zip", ""])
@pytest.mark.parametrize("charset", ["gb18030", "big5", "shift_jis", "iso-2022-jp", "utf-8"])
def test_a_wrong_charset_is_seen_through(charset: str, declared: str) -> None:
    text = SAMPLES["big5" if charset == "big5" else "gb2312" if charset == "gb18030" else "iso-2022-jp"]

    assert decode(text.encode(charset), declared) == text


def test_the_characters_that_windows_added_to_japanese_mail_are_read() -> None:
    added = b"\x1b$B" + bytes.fromhex("2d21 2d6a") + b"\x1b(B 1 \x1b(IJ]\x1b(B"

    assert decode(added + SAMPLES["iso-2022-jp"].encode("iso-2022-jp"), "iso-2022-jp") == (
        f"①㈱ 1 ﾊﾝ{SAMPLES['iso-2022-jp']}"
    )


def test_western_letters_stay_western() -> None:
    assert decode("Grüße aus Köln, très bien".encode("cp1252"), "iso-8859-1") == "Grüße aus Köln, très bien"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (b"=?gb2312?B?zfW3vA==?= <a@b.example>", "王芳 <a@b.example>"),
        ("发票".encode("gbk"), "发票"),
        (b"=?UTF-8?B?5Y+R?=\r\n =?UTF-8?B?56Wo?=", "发票"),
        (b"=?UTF-8?B?5Y+R5w==?=\r\n =?UTF-8?B?pag=?=", "发票"),
        (b"=?utf-8?q?caf=C3=A9_au_lait?=", "café au lait"),
        (b"=?nonsense?B?YQ==?= =?utf-8?X?a?=", "a =?utf-8?X?a?="),
        (b"a\r\nBcc: b", "a Bcc: b"),
    ],
)
def test_headers_are_decoded_on_one_line(value: bytes, text: str) -> None:
    assert decoded_words(value) == text


@pytest.mark.parametrize(
    ("value", "addresses"),
    [
        (b'"boss@a.example" <b@c.example>', ["b@c.example"]),
        (b"a@b.example (c@d.example)", ["a@b.example"]),
        (b"<a@b.example>, c@d.example", ["a@b.example"]),
        (b"=?utf-8?q?=3Cboss=40a=2Eexample=3E?= <b@c.example>", ["b@c.example"]),
        (b"A@B.Example", ["a@b.example"]),
        (b"nobody", []),
    ],
)
def test_only_real_addresses_count(value: bytes, addresses: list[str]) -> None:
    assert addresses_in([value]) == addresses


def test_plain_text_is_preferred_and_files_keep_their_names() -> None:
    made = EmailMessage()
    made["From"], made["Subject"] = "王芳 <a@b.example>", "付款凭证"
    made.set_content("您好")
    made.add_alternative("<p>您好 HTML</p>", subtype="html")
    made.add_attachment(b"%PDF-", maintype="application", subtype="pdf", filename="付款凭证.pdf")

    read = parse(made.as_bytes())

    assert (read.subject, read.text) == ("付款凭证", "您好")
    assert [(file.name, file.content) for file in read.files] == [("付款凭证.pdf", b"%PDF-")]


def test_html_alone_is_read_as_a_person_would() -> None:
    markup = "<style>p{}</style><p>Hello &amp; thanks</p><script>x()</script><div>Line<br>two</div>"

    assert from_html(markup) == "Hello & thanks\nLine\ntwo"


def test_missing_and_double_headers_do_no_harm() -> None:
    assert parse(b"just words").text == "just words"
    assert parse(b"From: a@b.example\nFrom: c@d.example\n\nx").sender == ""
    assert parse(b"Subject: one\nSubject: two\n\nx").subject == "one"
    assert parse(b"From: a@b.example\nnot a header\nx").text == "not a header\nx"


@pytest.mark.parametrize(
    "body",
    [
        b"--x\r\n\r\nwords\r\n",
        b"--x\n\nwords\n--x--\n",
        b"preamble\n--x\n\nwords",
        b"--x\nContent-Transfer-Encoding: base64\n\nd29yZHM\n--x--",
        b"--x\nContent-Transfer-Encoding: base64\n\n!d2*9yZHM=!\n--x--",
        b"--x\nContent-Transfer-Encoding: quoted-printable\n\nwor=\nds\n--x--",
    ],
)
def test_broken_multiparts_still_give_their_words(body: bytes) -> None:
    assert parse(mail(body, 'multipart/mixed; boundary="x"')).text == "words"


def test_a_boundary_whose_quotation_mark_is_missing_is_found() -> None:
    assert parse(mail(b"--x\r\n\r\nwords\r\n--x--\r\n", 'multipart/mixed; boundary="x')).text == "words"
    assert parse(mail(b"--x\r\n\r\nwords\r\n--x--\r\n", "multipart/mixed")).text == "words"


def test_a_multipart_without_its_boundary_is_read_as_text() -> None:
    assert parse(mail(b"words", "multipart/mixed; boundary=gone")).text == "words"


def test_what_outlook_packed_is_unpacked() -> None:
    def attribute(number: int, value: bytes) -> bytes:
        return struct.pack("<BII", 2, number, len(value)) + value + b"\0\0"

    packed = struct.pack("<IH", 0x223E9F78, 1) + attribute(0x2800C, b"From Outlook\0")
    packed += attribute(0x69002, b"") + attribute(0x18010, b"slip.pdf\0") + attribute(0x6800F, b"%PDF-")

    read = parse(mail(packed, "application/ms-tnef; name=winmail.dat"))

    assert (read.text, [(file.name, file.content) for file in read.files]) == ("From Outlook", [("slip.pdf", b"%PDF-")])
    assert parse(mail(packed[:40], "application/ms-tnef; name=winmail.dat")).files is not None


def test_fifty_megabytes_are_read_in_bounded_time_and_memory() -> None:
    line = b"QUJD" * 19 + b"\r\n"
    head = b"--x\r\n\r\nhi\r\n--x\r\nContent-Disposition: attachment; filename=a.bin\r\n"
    head += b"Content-Transfer-Encoding: base64\r\n\r\n"
    raw = mail(head + line * 640_000 + b"--x--", "multipart/mixed; boundary=x")

    tracemalloc.start()
    begun = time.perf_counter()
    read = parse(raw)
    seconds, peak = time.perf_counter() - begun, tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert (read.text, len(read.files[0].content)) == ("hi", 640_000 * 57)
    assert seconds < 5
    assert peak < 3.5 * len(raw)


@pytest.mark.parametrize(
    "raw",
    [
        mail(b"--x\r\n\r\nhi\r\n" * 10_000, "multipart/mixed; boundary=x"),
        b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (level, level) for level in range(3000)),
        b"Subject: x\n" + b" y\n" * 500_000,
        b"a:b\n" * 500_000,
        mail(b"<div>" * 200_000, "text/html"),
        mail(b"<!--" * 200_000, "text/html"),
        b"From: " + b'"<' * 200_000 + b"\n\n",
        b"Subject: " + b"=?a?b?" * 200_000 + b"\n\n",
        b"Content-Type: text/plain;" + b';a="' * 100_000 + b"\n\nx",
        mail(b"-" * 2_000_000, "multipart/mixed; boundary=-"),
        mail(b"\n \t" * 500_000),
    ],
    ids=["parts", "depth", "folded", "headers", "div", "comment", "quotes", "words", "params", "dashes", "blank"],
)
def test_traps_cost_little(raw: bytes) -> None:
    begun = time.perf_counter()

    parse(raw)

    assert time.perf_counter() - begun < 2


def test_ten_thousand_parts_are_cut_short_and_said_so() -> None:
    read = parse(mail(b"--x\r\nContent-Disposition: attachment\r\n\r\nhi\r\n" * 10_000, "multipart/mixed; boundary=x"))

    assert read.incomplete
    assert 0 < len(read.files) <= PARTS_MAX


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=2000))
def test_no_bytes_raise(raw: bytes) -> None:
    parse(raw)


PIECES = st.sampled_from(
    [
        b"From: ",
        b"a@b.example",
        b"\r\n",
        b"\n\n",
        b"Content-Type: multipart/mixed; boundary=x\n\n",
        b"--x\n",
        b"--x--",
        b"Content-Transfer-Encoding: base64\n",
        b"Content-Type: application/ms-tnef\n\n\x78\x9f\x3e\x22\1\0",
        b"Content-Type: text/html; charset=iso-2022-jp\n\n<p>\x1b$B",
        b"Content-Disposition: attachment; filename*=utf-8''%E4%BB\n",
        b"=?utf-8?B?",
        b"?=",
        b"\xff\xfe",
        b"message/delivery-status",
    ]
)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.one_of(PIECES, st.binary(max_size=20)), max_size=30))
def test_no_broken_structure_raises(pieces: list[bytes]) -> None:
    read = parse(b"".join(pieces))

    assert "\n" not in read.subject
    assert "\x00" not in read.text
