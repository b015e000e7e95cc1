"""The rules of the house for Python: each reads a folder and lists what breaks it."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

# From the ground up. A module may import from floors below its own, never from beside or above.
FLOORS = [
    {"clock", "errors", "config", "policy", "engines"},
    {"signatures", "vault", "workdays", "bank_kana"},
    {"db"},
    {"jobs", "mail", "audit", "vault_rotation"},
    {"texts"},
    {"people", "pictures"},
    {"points", "notices"},
    {"purchases", "casts", "video"},
    {"entry", "bookings"},
    {"talks"},
    {"cases"},
    {"messages", "payouts"},
    {"books"},
    {"desk"},
    {"personal_data"},
    {"leaving", "own_data"},
    {"verdicts"},
    {"web", "letters"},
    {"account_letters", "entry_letters", "casting_letters", "desk_letters", "case_letters"},
    {"guards"},
    {"blueprints"},
    {"timetable", "demo"},
    {"cli"},
    {"__init__"},
]
FLOOR = {name: height for height, names in enumerate(FLOORS) for name in names}
ROOMS = set().union(*FLOORS[FLOOR["people"] : FLOOR["verdicts"]], *FLOORS[: FLOOR["people"]])
MAY_COMMIT = {"web", "jobs", "cli"}
OF_FLASK = {"flask", "werkzeug", "wtforms", "jinja2"}
SAYS_NOTHING = {"utils", "helpers", "common", "misc", "base", "manager", "service", "handler"} | {
    *("util", "helper", "managers", "services", "handlers", "processor", "core", "mixin", "mixins"),
}
CLASS_SAYS_NOTHING = re.compile(r"(Utils?|Helper|Manager|Service|Handler|Processor|Mixin)$")
ASKS_THE_TIME = re.compile(
    r"\b(datetime\.(now|utcnow|today)|date\.today|time\.time(_ns)?"
    r"|func\.(now|current_timestamp|clock_timestamp|localtimestamp))$"
)
ASKS_IN_SQL = re.compile(
    r"\bnow\(\)|\bcurrent_(timestamp|date)\b|\bclock_timestamp\(", re.IGNORECASE
)
OF_POINTS = re.compile(r"(^|_)(points|yen)(_|$)")
NO_INTEGER = re.compile(r"\b(float|Float|Decimal|Numeric|Double)\b")
BY_CHANCE = re.compile(r"\b(unguessable|uuid\w*|secrets|random)\b")
LONGEST_FILE = 400  # lines
LONGEST_BODY = 50  # lines of a function


def imports_go_down(app: Path) -> list[str]:
    wrong = []
    for path, tree in _files(app):
        here = _floor_of(app, path)
        if here not in FLOOR:
            wrong.append(f"{path}: {here} stands on no floor; give it one in {Path(__file__).name}")
            continue
        wrong += [
            f"{path}: {here} may not import {name}"
            for name in _imported(tree, "app") - {here, ""}
            if FLOOR.get(name, len(FLOORS)) >= FLOOR[here]
        ]
    return wrong


def nothing_hides_an_import(app: Path) -> list[str]:
    return [
        f"{_at(path, node)}: TYPE_CHECKING hides an import"
        for path, tree in _files(app)
        for node in ast.walk(tree)
        if isinstance(node, ast.Name | ast.alias) and "TYPE_CHECKING" in ast.unparse(node)
    ]


def rooms_know_no_flask(app: Path) -> list[str]:
    return [
        f"{path}: {name} in a room"
        for path, tree in _files(app)
        if _floor_of(app, path) in ROOMS - {"db"}
        for name in _packages(tree)
        if name in OF_FLASK or name.startswith("flask_")
    ]


def only_the_edges_commit(app: Path) -> list[str]:
    forbidden = re.compile(r"\.(commit|rollback)$|\bsession\.remove$")
    return [
        f"{_at(path, call)}: {ast.unparse(call.func)}()"
        for path, tree in _files(app)
        if _floor_of(app, path) not in MAY_COMMIT
        for call in _calls(tree)
        if forbidden.search(ast.unparse(call.func))
    ]


def only_the_clock_asks_the_time(app: Path) -> list[str]:
    wrong = []
    for path, tree in _files(app):
        if _floor_of(app, path) == "clock":
            continue
        calls = (node for node in _calls(tree) if ASKS_THE_TIME.search(ast.unparse(node.func)))
        sql = (node for node in _texts(tree) if ASKS_IN_SQL.search(node.value))
        imports = (
            node
            for node in ast.walk(tree)
            if isinstance(node, ast.ImportFrom)
            and (node.module, {name.name for name in node.names} & {"time", "now"})
            in [("time", {"time"}), ("app.clock", {"now"})]
        )
        wrong += [
            f"{_at(path, node)}: {ast.unparse(node)[:60]}; only clock.now() may"
            for node in (*calls, *sql, *imports)
        ]
    return wrong


def points_are_integers(app: Path) -> list[str]:
    wrong = []
    for path, tree in _files(app):
        for node in ast.walk(tree):
            match node:
                case ast.AnnAssign(target=ast.Name(id=name), annotation=kind):
                    named = (name, ast.unparse(kind) + ast.unparse(node.value or kind))
                case ast.arg(arg=name, annotation=ast.expr() as kind):
                    named = (name, ast.unparse(kind))
                case ast.BinOp(op=ast.Div()):
                    # Only the name itself counts: len(points) / 2 divides no points.
                    sides = (node.left, node.right)
                    ends = [ast.unparse(side).split(".")[-1] for side in sides]
                    named = (next(filter(OF_POINTS.search, ends), ""), "float")
                case _:
                    continue
            if OF_POINTS.search(named[0]) and NO_INTEGER.search(named[1]):
                wrong.append(f"{_at(path, node)}: {named[0]} is no integer here")
    return wrong


def keys_are_made_of_nouns(app: Path) -> list[str]:
    """A key with chance in it is a new one each time, so it would not keep anything to once."""
    return [
        f"{_at(path, call)}: key={ast.unparse(word.value)}"
        for path, tree in _files(app)
        if _floor_of(app, path) in ROOMS
        for call in _calls(tree)
        for word in call.keywords
        if word.arg == "key" and BY_CHANCE.search(ast.unparse(word.value))
    ]


def relations_are_loaded_by_name(app: Path) -> list[str]:
    return [
        f"{_at(path, call)}: a relation without lazy='raise'"
        for path, tree in _files(app)
        for call in _calls(tree)
        if ast.unparse(call.func).endswith("relationship")
        and "lazy='raise" not in ast.unparse(call)
    ]


def names_say_something(app: Path) -> list[str]:
    files = [
        f"{path}: this name says nothing" for path, _ in _files(app) if path.stem in SAYS_NOTHING
    ]
    classes = [
        f"{_at(path, node)}: {node.name} says nothing"
        for path, tree in _files(app)
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef) and CLASS_SAYS_NOTHING.search(node.name)
    ]
    return files + classes


def files_and_functions_stay_small(folder: Path) -> list[str]:
    wrong = []
    for path, tree in _files(folder):
        lines = len(path.read_text().splitlines())
        if lines > LONGEST_FILE:
            wrong.append(f"{path}: {lines} lines; what are its two subjects?")
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                length = (node.end_lineno or 0) - node.body[0].lineno + 1
                if length > LONGEST_BODY:
                    wrong.append(f"{_at(path, node)}: {node.name} has {length} lines")
    return wrong


def _files(folder: Path) -> Iterator[tuple[Path, ast.Module]]:
    for path in sorted(folder.rglob("*.py")):
        if not {".venv", "var", "migrations", "tests"} & set(path.relative_to(folder).parts):
            yield path, ast.parse(path.read_text())


def _floor_of(app: Path, path: Path) -> str:
    return path.relative_to(app).parts[0].removesuffix(".py")


def _imported(tree: ast.Module, package: str) -> set[str]:
    """The floors of our own package that a file imports from."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module == package:
            found |= {name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith(f"{package}."):
            found.add((node.module or "").split(".")[1])
        elif isinstance(node, ast.Import):
            found |= {
                f"{name.name}.".split(".")[1]
                for name in node.names
                if name.name.startswith(f"{package}.")
            }
    return found


def _packages(tree: ast.Module) -> set[str]:
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {name.name.split(".")[0] for name in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add((node.module or "").split(".")[0])
    return names


def _calls(tree: ast.Module) -> Iterator[ast.Call]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.Call))


def _texts(tree: ast.Module) -> Iterator[ast.Constant]:
    """String constants that are no docstrings."""
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        is_text = isinstance(node, ast.Constant) and isinstance(node.value, str)
        if is_text and id(node) not in docstrings:
            yield node


def _at(path: Path, node: ast.AST) -> str:
    return f"{path}:{getattr(node, 'lineno', 0)}"
