"""Each requirement beside the tests that prove it."""

import ast
import re
import sys
from collections import defaultdict
from pathlib import Path

HERE = Path(__file__).parent.parent
ROW = re.compile(r"^\| ([GCD]\d+) \| (.+) \|$", re.MULTILINE)


def requirements() -> dict[str, str]:
    return dict(ROW.findall((HERE / "docs/requirements.md").read_text()))


def proofs(tests: Path = HERE / "tests") -> dict[str, list[str]]:
    """The tests that carry each id, read from the source, so nothing has to run."""
    found = defaultdict(list)
    for path in sorted(tests.rglob("test_*.py")):
        tree = ast.parse(path.read_text())
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef):
                for name in _ids(node.decorator_list) | _module_ids(tree):
                    found[name].append(f"{path.relative_to(tests.parent)}::{node.name}")
    return found


def _ids(decorators: list[ast.expr]) -> set[str]:
    return {
        argument.value
        for call in decorators
        if isinstance(call, ast.Call) and ast.unparse(call.func) == "pytest.mark.req"
        for argument in call.args
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str)
    }


def _module_ids(tree: ast.Module) -> set[str]:
    """Ids of a `pytestmark = pytest.mark.req(...)`, which holds for the whole file."""
    marks = [
        node.value
        for node in tree.body
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "pytestmark"
    ]
    return _ids([mark for value in marks for mark in getattr(value, "elts", [value])])


if __name__ == "__main__":
    wanted, proved = requirements(), proofs()
    for name, sentence in wanted.items():
        print(f"{name}  {sentence}")
        for test in proved.get(name, []):
            print(f"      {test}")
    covered = sum(name in proved for name in wanted)
    print(f"\n{covered} of {len(wanted)} requirements have a test.")
    if unknown := sorted(proved.keys() - wanted.keys()):
        sys.exit(f"No such requirement: {', '.join(unknown)}")
