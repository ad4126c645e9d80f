"""Reads the structure of the product from its source: modules, imports, names, folders.

Every function takes the root of a checkout, so that a guard can be shown a planted offence.
"""

from __future__ import annotations

import ast
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[1]
"""This checkout."""
FLOORS = ("conversations", "storage", "bot")
MOST_MODULES = 17
"""Modules in one folder, its `__init__` aside."""
MOST_UNTYPED = 39
"""Parameters and results in the whole product that are a bare `Any`."""


def sources(root: Path, *folders: str) -> dict[str, Path]:
    """The files of Python in some folders, by their place in the checkout."""
    paths = (path for folder in folders for path in sorted((root / folder).rglob("*.py")))
    return {path.relative_to(root).as_posix(): path for path in paths}


def parsed(path: Path) -> ast.Module:
    """The code of a file, read once for all guards that look at it (until `forget`)."""
    return _parsed(path.read_text("utf-8"))[0]


def nodes(path: Path) -> list[ast.AST]:
    """All that stands in a file, wherever."""
    return _parsed(path.read_text("utf-8"))[1]


@cache
def _parsed(text: str) -> tuple[ast.Module, list[ast.AST]]:
    tree = ast.parse(text)
    return tree, list(ast.walk(tree))


def forget() -> None:
    """The code of all files is large: nothing after the guards has to carry it."""
    _parsed.cache_clear()


def modules(root: Path) -> dict[str, Path]:
    """The modules of the product by dotted name. A package goes by its own name; migrations, which
    are never changed, are left out."""
    found = {}
    for floor in FLOORS:
        for path in sorted((root / floor).rglob("*.py")):
            parts = path.relative_to(root).with_suffix("").parts
            if "versions" not in parts:
                found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


def imports(root: Path) -> dict[str, set[str]]:
    """The modules each module imports, wherever in the file: below `TYPE_CHECKING`, inside
    functions, and by a name in a string too."""
    known = modules(root)
    return {name: set(_imported(path, known)) - {name} for name, path in known.items()}


def _imported(path: Path, known: dict[str, Path]) -> Iterator[str]:
    for node in nodes(path):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in known)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            name = node.value.partition(":")[0]
            yield from {name} & known.keys() if "." in name else ()
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            for alias in node.names:
                submodule = f"{node.module}.{alias.name}"
                if submodule in known:
                    yield submodule
                elif node.module in known:
                    yield node.module


def circles(root: Path) -> list[list[str]]:
    """Groups of two or more modules that import each other, directly or by way of others."""
    arrows = imports(root)
    reach = {name: _reachable(name, arrows) for name in arrows}
    groups = {
        tuple(sorted({name, *(other for other in reach[name] if name in reach[other])}))
        for name in arrows
    }
    return sorted(list(group) for group in groups if len(group) > 1)


def _reachable(start: str, arrows: dict[str, set[str]]) -> set[str]:
    seen: set[str] = set()
    waiting = [start]
    while waiting:
        for name in arrows[waiting.pop()] - seen:
            seen.add(name)
            waiting.append(name)
    return seen


def layers(page: str) -> dict[str, list[list[str]]]:
    """The layers of each folder as the page tells them, the highest first.

    The page holds lines such as `bot/: cli demo > app > inbox` in a block of code marked `layers`;
    what stands between two signs is one layer.
    """
    block = re.search(r"^```layers\n(.*?)^```", page, re.MULTILINE | re.DOTALL)
    assert block, "the page has no block of layers"
    found = {}
    for line in re.sub(r"\n +", " ", block[1]).splitlines():
        folder, _, order = line.partition(":")
        found[folder.strip().rstrip("/")] = [each.split() for each in order.split(">")]
    return found


def upward_imports(root: Path, order: dict[str, list[list[str]]]) -> list[str]:
    """Imports against the order of the layers, and rooms that no layer names."""
    found = []
    for module, targets in imports(root).items():
        for target in sorted(targets):
            for folder, ranks in order.items():
                here, there = (_room(name, folder) for name in (module, target))
                if here and there and here != there:
                    height = {room: rank for rank, rooms in enumerate(ranks) for room in rooms}
                    if not {here, there} <= height.keys():
                        found.append(f"{folder}: no layer holds {here} or {there}")
                    elif height[here] > height[there]:
                        found.append(f"{module} imports {target}")
    return sorted(set(found))


def _room(module: str, folder: str) -> str:
    """What of a folder a module lies in: the name of a file or of a folder, or nothing."""
    inside = folder.replace("/", ".") + "."
    return module.removeprefix(inside).split(".")[0] if module.startswith(inside) else ""


def unused_names(root: Path) -> list[str]:
    """Functions, classes and constants of a module that no code or template of the product names
    again, nor a benchmark. Tests do not count: what only they use belongs to them."""
    defined: list[tuple[str, str]] = []
    used: Counter[str] = Counter()
    for module, path in modules(root).items():
        tree = parsed(path)
        defined += [(module, name) for name in _defined(tree)]
        used.update(_used(nodes(path)))
    for path in sorted((root / "benchmarks").rglob("*.py")):
        used.update(_used(nodes(path)))
    for page in (each for floor in FLOORS for each in (root / floor).rglob("*.html")):
        used.update(re.findall(r"\w+", page.read_text("utf-8")))
    return sorted(f"{module}.{name}" for module, name in defined if not used[name])


def unused_members(root: Path) -> list[str]:
    """Methods and fields of classes that no code or template of the product names again, nor a
    benchmark. What is decorated is mostly called by what decorates it."""
    used: Counter[str] = Counter()
    for path in (*modules(root).values(), *sorted((root / "benchmarks").rglob("*.py"))):
        used.update(_used(nodes(path)))
    for page in (each for floor in FLOORS for each in (root / floor).rglob("*.html")):
        used.update(re.findall(r"\w+", page.read_text("utf-8")))
    return sorted(where for where, name in _members(root) if not used[name])


def _members(root: Path) -> Iterator[tuple[str, str]]:
    """Methods and fields, by their place."""
    for module, path in modules(root).items():
        for kind in (node for node in nodes(path) if isinstance(node, ast.ClassDef)):
            for each in kind.body:
                name = ""
                if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef):
                    name = "" if each.decorator_list else each.name
                elif isinstance(each, ast.AnnAssign) and isinstance(each.target, ast.Name):
                    name = each.target.id
                if name and name[:2] != "__":
                    yield f"{module}.{kind.name}.{name}", name


def _defined(tree: ast.Module) -> Iterator[str]:
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            if not node.decorator_list or isinstance(node, ast.ClassDef):
                yield from () if node.name[:2] == "__" else (node.name,)
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            for target in targets:
                names = target.elts if isinstance(target, ast.Tuple) else [target]
                yield from (
                    each.id for each in names if isinstance(each, ast.Name) and each.id[:2] != "__"
                )


def _used(every: list[ast.AST]) -> Iterator[str]:
    for node in every:
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
            yield node.id
        elif isinstance(node, ast.Attribute):
            yield node.attr
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield from re.findall(r"\w+", node.value) if len(node.value) < 80 else ()


def twice(root: Path) -> dict[str, list[str]]:
    """File stems that stand twice within a floor, and public classes that stand twice in the
    product, each with its places."""
    stems: dict[str, list[str]] = defaultdict(list)
    classes: dict[str, list[str]] = defaultdict(list)
    for path in modules(root).values():
        place = path.relative_to(root).as_posix()
        if path.stem not in ("__init__", "__main__"):
            stems[f"{place.split('/')[0]}: {path.stem}"].append(place)
        for node in parsed(path).body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                classes[node.name].append(place)
    return {word: places for word, places in {**stems, **classes}.items() if len(places) > 1}


def folders(root: Path) -> dict[str, int]:
    """How many modules lie in each folder of the product, its `__init__` aside."""
    found: Counter[str] = Counter()
    for path in modules(root).values():
        found[path.parent.relative_to(root).as_posix()] += path.stem != "__init__"
    return dict(found)


def untyped(root: Path) -> list[str]:
    """Parameters and results of functions of the product whose annotation is a bare `Any`."""
    found = []
    for module, path in modules(root).items():
        for node in nodes(path):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                args = [each for each in ast.walk(node.args) if isinstance(each, ast.arg)]
                notes = [*(each.annotation for each in args), node.returns]
                bare = [each for each in notes if isinstance(each, ast.Name) and each.id == "Any"]
                found += [f"{module}.{node.name}"] * len(bare)
    return found


def misnamed_loggers(root: Path) -> list[str]:
    """Loggers of modules of the product that are not called `_log`, after their module."""
    return [
        f"{module}.{ast.unparse(node.targets[0])}"
        for module, path in modules(root).items()
        for node in parsed(path).body
        if isinstance(node, ast.Assign)
        and "getLogger(" in ast.unparse(node.value)
        and ast.unparse(node) != "_log = logging.getLogger(__name__)"
    ]


def named(path: Path) -> Iterator[str]:
    """The modules that a file names in an import, ours and others."""
    for node in nodes(path):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module


def imports_from_above(root: Path) -> list[str]:
    """Imports of a floor that lies above, or of what is no part of the product."""
    return [
        f"{place} imports {module}"
        for height, floor in enumerate(FLOORS)
        for place, path in sources(root, floor).items()
        for module in named(path)
        if module.split(".")[0] in (*FLOORS[height + 1 :], "tests", "benchmarks")
    ]


def imports_of_the_world(root: Path, worldly: set[str], may: set[str]) -> list[str]:
    """Imports in `conversations` of modules that are worldly, but in the files that may."""
    return [
        f"{place} imports {module}"
        for place, path in sources(root, "conversations").items()
        if place not in may
        for module in sorted({module.split(".")[0] for module in named(path)} & worldly)
    ]


def made_elsewhere(root: Path, makers: dict[str, str | tuple[str, ...]]) -> list[str]:
    """Places that construct a class of ours that only others may. The sections of the configuration
    and the tables of the store have some of the same names."""
    found = []
    for place, path in sources(root, *FLOORS).items():
        ours = {
            alias.asname or alias.name: alias.name
            for node in nodes(path)
            if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] in FLOORS
            and node.module not in ("bot.settings", "storage.tables")
            for alias in node.names
        }  # fmt: skip
        for node in nodes(path):
            if isinstance(node, ast.Call):
                name = _made(node.func, ours)
                if name in makers and not place.startswith(makers[name]):
                    found.append(f"{place}:{node.lineno} makes a {name}")
    return found


def _made(called: ast.expr, ours: dict[str, str]) -> str:
    """The name of what is called, when it is one of ours or stands in a module of ours."""
    if isinstance(called, ast.Attribute) and isinstance(called.value, ast.Name):
        return called.attr if called.value.id in ours else ""
    return ours.get(called.id, "") if isinstance(called, ast.Name) else ""


def without_docstring(root: Path) -> list[str]:
    """Modules with code that do not say what they are for; migrations tell that by their names."""
    return [
        place
        for place, path in sources(root, *FLOORS, "benchmarks").items()
        if "versions" not in path.parts
        and parsed(path).body
        and not ast.get_docstring(parsed(path))
    ]


def homonyms(root: Path, may: Iterable[str], alike: Iterable[str] = ()) -> list[str]:
    """Names of `twice` that stand twice outside the folders that may repeat one. The folders in one
    of those that are `alike` may repeat each other's, and nothing else."""
    found = []
    for word, places in twice(root).items():
        elsewhere = [each for each in places if not each.startswith(tuple(may))]
        things = {next((one for one in alike if each.startswith(one)), each) for each in elsewhere}
        if len(things) > 1:
            found.append(f"{word}: {', '.join(places)}")
    return found


def unlike_the_map(root: Path, page: str) -> list[str]:
    """Folders of the product that the page does not name, and those that it names and are none."""
    there = {folder for folder in folders(root) if "/" in folder}
    told = set(re.findall(r"^\| `((?:bot|storage|conversations)/\S*)/` \| ", page, re.MULTILINE))
    return sorted(there ^ told)
