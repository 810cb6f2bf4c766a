"""What may be sent, and in which words the rest is refused."""

from __future__ import annotations

import pytest

from helpdesk.files.errors import (
    BrokenImage,
    BrokenPdf,
    ContentDisagrees,
    FileEmpty,
    FileRefused,
    FilesTooLarge,
    FileTooLarge,
    FileTypeRefused,
    ImageTooLarge,
    TooManyFiles,
)
from helpdesk.files.uploads import checked_uploads, examine_uploads
from helpdesk.limits import UPLOAD_MAX_BYTES, UPLOAD_TYPES
from tests.unit.files.samples import EVERY_KIND, jpeg, office, pdf, png, upload, webp

ONE_MEGABYTE = 1024 * 1024


@pytest.mark.parametrize("name", EVERY_KIND)
def test_every_allowed_kind_is_taken(name: str) -> None:
    found = checked_uploads([upload(name, EVERY_KIND[name])])

    assert [(file.filename, file.size) for file in found] == [(name, len(EVERY_KIND[name]))]
    assert b"".join(found[0].chunks()) == EVERY_KIND[name]


def test_the_samples_hold_every_allowed_kind() -> None:
    assert {name.rpartition(".")[2] for name in EVERY_KIND} == set(UPLOAD_TYPES)


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("empty.pdf", b"", FileEmpty),
        ("broken.pdf", pdf()[:-20], BrokenPdf),
        ("page.pdf", b"<html>%PDF- %%EOF</html>", ContentDisagrees),
        ("photo.png", jpeg(), ContentDisagrees),
        ("photo.jpg", png(), ContentDisagrees),
        ("photo.webp", png(), ContentDisagrees),
        ("photo.png", png()[:10], BrokenImage),
        ("photo.png", b"\x89PNG\r\n\x1a\n" + b"\0" * 40, BrokenImage),
        ("photo.jpg", jpeg()[:24], BrokenImage),
        ("photo.png", png(0, 7), BrokenImage),
        ("huge.png", png(20_000, 20_000), ImageTooLarge),
        ("huge.jpg", jpeg(20_000, 20_000), ImageTooLarge),
        ("huge.webp", webp(16_000, 16_000), ImageTooLarge),
        ("rows.xlsx", office("word"), ContentDisagrees),
        ("letter.docx", office("xl"), ContentDisagrees),
        ("letter.docx", b"PK\x03\x04 no zip at all", ContentDisagrees),
        ("macros.xlsx", office("xl", xl__vbaProject_bin=b"x", **{"xl__vbaProject.bin": b"x"}), ContentDisagrees),
        ("notes.txt", b"\x00\x01\x02", ContentDisagrees),
        ("notes.txt", pdf(), ContentDisagrees),
        ("rows.csv", b"MZ\x90\x00\x03\x00", ContentDisagrees),
        ("mail.eml", b"no headers at all", ContentDisagrees),
        ("virus.exe", b"MZ", FileTypeRefused),
        ("page.html", b"<script>", FileTypeRefused),
        ("picture.svg", b"<svg/>", FileTypeRefused),
        ("slip.pdf.exe", pdf(), FileTypeRefused),
        ("slip\u202efdp.exe", pdf(), FileTypeRefused),
        ("noending", b"x", FileTypeRefused),
        ("large.txt", b"x" * (UPLOAD_MAX_BYTES + 1), FileTooLarge),
    ],
)
def test_what_may_not_come_in_is_refused_with_its_reason(name: str, content: bytes, why: type[FileRefused]) -> None:
    with pytest.raises(why) as refusal:
        checked_uploads([upload(name, content)])

    assert refusal.value.values["name"]


def test_an_unpacking_bomb_is_refused() -> None:
    bomb = office("xl", **{"xl__sheet.xml": b"0" * (9 * ONE_MEGABYTE)})
    many = office("xl", **{f"xl__{number}.xml": b"" for number in range(5001)})

    assert checked_uploads([upload("fine.xlsx", bomb)])
    with pytest.raises(ContentDisagrees):
        checked_uploads([upload("many.xlsx", many)])


def test_more_than_ten_files_are_too_many() -> None:
    found = examine_uploads(upload(f"{number}.txt", b"x") for number in range(12))

    assert len(found.accepted) == 10
    assert [type(refusal) for refusal in found.refused] == [TooManyFiles, TooManyFiles]


def test_five_hundred_files_are_answered_too() -> None:
    found = examine_uploads(upload(f"{number}.txt", b"x") for number in range(500))

    assert (len(found.accepted), len(found.refused)) == (10, 490)


def test_files_have_a_limit_together() -> None:
    found = examine_uploads(upload(f"{number}.txt", b"x" * (9 * ONE_MEGABYTE)) for number in range(3))

    assert len(found.accepted) == 2
    assert isinstance(found.refused[0], FilesTooLarge)


def test_a_refused_file_does_not_hide_the_good_ones() -> None:
    found = examine_uploads([upload("a.pdf", b""), upload("b.pdf", pdf()), upload("", b"")])

    assert [file.filename for file in found.accepted] == ["b.pdf"]
    assert len(found.refused) == 1


def test_the_type_comes_from_us_not_from_the_browser() -> None:
    file = upload("notes.txt", b"<script>alert(1)</script>")
    file.headers["Content-Type"] = "text/html"

    assert checked_uploads([file])[0].content_type == "text/plain"
