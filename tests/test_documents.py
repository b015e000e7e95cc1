"""What the documents name is there: files, pages, and the links between them."""

import re
from pathlib import Path

from flask import Flask

HERE = Path(__file__).parent.parent
DOCUMENTS = [
    HERE / "README.md",
    HERE / "jitsi" / "README.md",
    *sorted((HERE / "docs").glob("*.md")),
]
FOLDERS = ("", "app/", "tests/")
FILE = re.compile(r"\b(?:app|bench|docs|jitsi|migrations|tests|tools)/[\w./-]*\w")
QUOTED = re.compile(
    r"`([a-z_]+(?:/[a-z_]+)+(?:\.\w+)?)`"
)  # a path, or a room's module with a name of it
LINK = re.compile(r"\]\((?!https?:)([^)#]+)(?:#[^)]*)?\)")
PAGE = re.compile(r"`(/(?:admin|cast-room|dev)[\w/-]*)`")
NOT_OURS = {"docs/devops-guide/devops-guide-requirements"}  # a part of an address of others


def test_every_file_that_a_document_names_is_there() -> None:
    missing = [
        f"{document.name}: {name}"
        for document in DOCUMENTS
        for name in {*FILE.findall(document.read_text()), *QUOTED.findall(document.read_text())}
        if name not in NOT_OURS and not _is_there(name)
    ]
    assert not missing


def test_every_link_between_documents_leads_somewhere() -> None:
    missing = [
        f"{document.name}: {name}"
        for document in DOCUMENTS
        for name in LINK.findall(document.read_text())
        if not (document.parent / name).exists()
    ]
    assert not missing


def test_every_page_that_a_document_names_is_there(app: Flask) -> None:
    pages = {rule.rule.rstrip("/") for rule in app.url_map.iter_rules()}
    missing = [
        f"{document.name}: {name}"
        for document in DOCUMENTS
        for name in PAGE.findall(document.read_text())
        if name.rstrip("/") not in pages
    ]
    assert not missing


def _is_there(name: str) -> bool:
    if any((HERE / folder / path).exists() for folder in FOLDERS for path in (name, f"{name}.py")):
        return True
    room, _, inside = name.rpartition(".")
    sources = (HERE / "app" / f"{room}.py", HERE / "app" / room / "__init__.py")
    found = rf"\b{inside}\b"
    return any(each.exists() and re.search(found, each.read_text()) for each in sources)
