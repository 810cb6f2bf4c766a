"""Why a file was refused; each docstring is the sentence the sender reads."""

from __future__ import annotations

from helpdesk.errors import DomainError


class FileRefused(DomainError):
    """“%(name)s” cannot be attached."""


class FileEmpty(FileRefused):
    """“%(name)s” is empty. Open it, save it once more, and choose it again."""


class FileTooLarge(FileRefused):
    """“%(name)s” is larger than %(limit)d MB. Make it smaller, or send it in parts."""


class FilesTooLarge(FileRefused):
    """With “%(name)s” your files are larger than %(limit)d MB together. Send the rest in a second message."""


class TooManyFiles(FileRefused):
    """“%(name)s” is one too many: at most %(limit)d files go in one message. Send the rest in a second one."""


class FileTypeRefused(FileRefused):
    """“%(name)s” is not a kind of file that we take. Send %(types)s."""


class ContentDisagrees(FileRefused):
    """“%(name)s” does not contain what its ending says. Save it as a real %(ending)s file and choose it again."""


class FileInfected(FileRefused):
    """A virus was found in “%(name)s”. It was not kept; check your computer before you send another file."""


class FileBeingChecked(DomainError):
    """This file is still being checked for viruses. Open it again in a few minutes."""


class FileCondemned(DomainError):
    """A virus was found in this file, so nobody can open it. Ask the person who sent it for a clean copy."""


class BrokenPdf(FileRefused):
    """“%(name)s” is a broken PDF: its end is missing. Download or export it once more, and choose it again."""


class BrokenImage(FileRefused):
    """“%(name)s” is a broken picture. Take or save it once more, and choose it again."""


class ImageTooLarge(FileRefused):
    """“%(name)s” has more than %(limit)d million pixels. Save it smaller, and choose it again."""
