"""A district's page: the sums of what its schools published, whatever happens between, and nothing else of them."""

from __future__ import annotations

import json
import os
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import boto3
import pytest
from fakes.caller import Caller
from fakes.desk import NOW, desk_at, labels_of, submission, win_at
from fakes.district import MemoryDistrict, MemorySites, cubes_of, told
from fakes.drawing import tabulate
from fakes.memory import Fuse, Fused, Killed, MemorySite, MemoryTable
from fakes.phone import Phone
from fakes.postman import Postman, mail
from fakes.random_school import SCHOOLS, wins_of
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib import wiring
from chalicelib.domain.errors import Problem
from chalicelib.domain.school import District, School
from chalicelib.domain.win import Win
from chalicelib.stores.district import DynamoDistrict
from chalicelib.stores.sites import SchoolSites, site_parameter
from chalicelib.work.district import Followed, Following
from chalicelib.work.publish import MANIFEST, PAGE, Pages, Published, publish
from chalicelib.work.retain import Retained, retain
from chalicelib.work.submit import submit_win
from infra.deploy.parameters import Job, of_the_file
from infra.deploy.place import Place
from infra.deploy.settings import Deployment


def no_pages(*_: Any) -> dict[str, Any]:
    return {}


BARE = Pages(no_pages, no_pages, "bare")
TOMORROW = NOW + timedelta(days=1)


def district_of(school: School, *ids: str) -> School:
    """Make a district with a school's words."""
    own = {"school": "the-district", "name": "The District", "teams": (), "links": (), "open_door": False}
    return school.model_copy(update={**own, "district": District(schools=ids), "prompts": (), "staff": ()})


@dataclass
class Town:
    """A district and its schools."""

    file: School
    table: MemoryTable = field(default_factory=MemoryTable)
    site: MemorySite = field(default_factory=MemorySite)
    sites: MemorySites = field(default_factory=MemorySites)
    tables: dict[str, MemoryTable] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.district = MemoryDistrict(self.table)
        self.table.save_school(self.file, 1)

    def has(self, *ids: str) -> None:
        """Store a file that names these schools."""
        district = District(schools=ids) if ids else District(schools=("nobody",))
        self.table.save_school(self.file.model_copy(update={"district": district}), max(self.table.schools) + 1)

    def tells(self, school: str, file: School, wins: list[Win], now: datetime = NOW) -> None:
        """Let a school publish these wins, and no others."""
        table = self.tables.setdefault(school, MemoryTable())
        table.schools = {1: file}
        weeks = {week for week, _ in table.wins} | {win.week for win in wins}
        table.wins = {(win.week, win.id): win for win in wins}
        for week in weeks:
            table._mark(week)
        publish(table, self.sites.sites.setdefault(school, MemorySite()), BARE, tabulate, now)

    def run(self, fuse: Fuse | None = None, pages: Pages = BARE, now: datetime = NOW) -> tuple[Followed, Published]:
        """Let the district follow and publish, on a machine that may stop."""
        table, district, site = (Fused(one, fuse or Fuse()) for one in (self.table, self.district, self.site))
        followed = Following(table, district, self.sites, now).follow_schools(*self.newest)
        return followed, publish(table, site, replace(pages, follow=lambda *_: followed), tabulate, now)

    @property
    def newest(self) -> tuple[int, School]:
        found = self.table.latest_school()
        assert found
        return found

    def check(self, *schools: str) -> None:
        """Compare what is published with the sum over schools, and the stored totals with the shares."""
        assert told([self.site], self.file) == told([self.sites.sites[one] for one in schools], self.file)
        assert {school for school, _ in self.district.shares} <= {*schools}
        for week in self.table.counted_weeks():
            cells: Counter[Any] = Counter()
            for (_, of), share in self.district.shares.items():
                cells.update(share.rollup.cells if of == week else {})
            assert self.table.stored_rollup(week).rollup.cells == cells


def some_wins(school: School, n: int = 4, weeks_ago: int = 0, **told: Any) -> list[Win]:
    return [win_at(school, NOW, weeks_ago, **{"story": f"Story {k}.", **told}) for k in range(n)]


@pytest.fixture
def town(sample_school: School) -> Town:
    """A district of two schools that have published."""
    town = Town(district_of(sample_school, "maple", "oak"))
    goal, team = sample_school.goals[0].id, sample_school.teams[0].id
    town.tells(
        "maple", sample_school, [*some_wins(sample_school, goals=[goal], team=team), *some_wins(sample_school, 2, 5)]
    )
    town.tells("oak", sample_school, some_wins(sample_school, 3, 1, kind="lesson", goals=[goal]))
    return town


@given(data=st.data())
@settings(max_examples=40)
def test_a_district_counts_what_its_schools_published_before_and_after_any_change(data: st.DataObject) -> None:
    words = data.draw(SCHOOLS)
    files = {one: data.draw(SCHOOLS) for one in ("ash", "elm", "fir")}
    town = Town(district_of(words, "ash", "elm"))
    members = ["ash", "elm"]
    for school, file in files.items():
        town.tells(school, file, data.draw(wins_of(file, most=8, weeks=60)))
    town.run()
    town.check(*members)
    for _ in range(data.draw(st.integers(1, 3))):
        changed = data.draw(st.sampled_from(["ash", "elm", "fir", "members"]))
        if changed == "members":
            members = data.draw(st.lists(st.sampled_from([*files]), unique=True, min_size=1))
            town.has(*members)
        else:
            town.tells(changed, files[changed], data.draw(wins_of(files[changed], most=8, weeks=60)))
        town.run()
        town.check(*members)


@given(data=st.data())
@settings(max_examples=30)
def test_what_a_school_hid_makes_no_difference(data: st.DataObject) -> None:
    file, words = data.draw(SCHOOLS), data.draw(SCHOOLS)
    wins, labels = data.draw(wins_of(file, weeks=8)), labels_of(file)
    shown = [win.model_copy(update={"team": None, "groups": tuple(labels.groups(win.groups, 1))}) for win in wins]
    published = []
    for some in (wins, shown):
        town = Town(district_of(words, "ash"))
        town.tells("ash", file, some)
        town.run()
        published.append(town.site.bodies)
    assert published[0] == published[1]
    columns = cubes_of(town.site)[0]["columns"] if wins and cubes_of(town.site) else []
    for cube in cubes_of(town.site):
        assert all(not cell[columns.index("team")] for week in cube["cells"] for cell in week["cells"])


@given(data=st.data())
@settings(max_examples=15)
def test_wherever_it_is_killed_the_next_run_ends_like_one_that_was_not(data: st.DataObject) -> None:
    words, file = data.draw(SCHOOLS), data.draw(SCHOOLS)
    first, then = (data.draw(wins_of(file, most=6, weeks=6)) for _ in range(2))

    def town_after(before_write: int | None) -> tuple[Town, int]:
        town = Town(district_of(words, "ash", "elm"))
        town.tells("ash", file, first)
        town.tells("elm", file, then)
        town.run()
        town.tells("ash", file, then)
        town.has("ash")
        fuse = Fuse(before_write)
        try:
            town.run(fuse)
        except Killed:
            town.run()
        return town, fuse.writes

    clean, writes = town_after(None)
    clean.check("ash")
    for before_write in range(writes):
        town, _ = town_after(before_write)
        assert (cubes_of(town.site), town.district.counted) == (cubes_of(clean.site), clean.district.counted)
        assert town.district.shares == clean.district.shares
        assert not town.table.changed_weeks()
        town.check("ash")


def test_a_changed_school_changes_only_its_weeks_and_one_that_did_not_is_only_asked(
    town: Town, sample_school: School
) -> None:
    town.run()
    town.sites.reads.clear()
    _, done = town.run()
    assert (done.weeks, done.wrote) == ([], 0)
    assert town.sites.reads == [("maple", MANIFEST), ("oak", MANIFEST)]
    town.tells("oak", sample_school, [*town.tables["oak"].wins.values(), *some_wins(sample_school, 1)])
    town.sites.reads.clear()
    before = {week: town.table.stored[week] for week in town.table.counted_weeks()}
    _, done = town.run()
    (week,) = done.weeks
    assert week == some_wins(sample_school)[0].week
    assert {week for week, one in town.table.stored.items() if one != before.get(week)} == {week}
    assert Counter(school for school, _ in town.sites.reads) == {"maple": 1, "oak": 3}  # manifest twice, one cube
    town.check("maple", "oak")


def test_the_two_hundredth_school_costs_what_the_second_did(town: Town) -> None:
    def cost_of(newcomer: str) -> dict[str, int]:
        asked: Counter[str] = Counter()

        class Counting:
            def __init__(self, part: Any) -> None:
                self.part = part

            def __getattr__(self, name: str) -> Any:
                asked[name] += 1
                return getattr(self.part, name)

        town.sites.reads.clear()
        parts = Counting(town.table), Counting(town.district)
        Following(*parts, town.sites, NOW).follow_schools(*town.newest)
        return {**asked, "files": sum(school == newcomer for school, _ in town.sites.reads)}

    schools = ["maple", *(f"school-{n}" for n in range(199))]
    town.sites.sites |= dict.fromkeys(schools[1:], town.sites.sites["oak"])
    town.has(schools[0])
    cost_of(schools[0])
    town.has(*schools[:2])
    second = cost_of(schools[1])
    town.has(*schools[:199])
    cost_of(schools[198])
    town.has(*schools)
    assert cost_of(schools[199]) == second
    assert second == {
        "counted_schools": 2,
        "begin_run": 1,
        "shares_of": 1,
        "stored_rollup": 1,
        "save_week": 1,
        "save_counted": 1,
        "files": 3,
    }
    town.run()
    town.check(*schools)


@pytest.mark.parametrize("spoiled", ["gone", "manifest", "format", "cube", "cube_gone", "columns", "numbers", "path"])
def test_a_school_that_cannot_be_read_keeps_its_last_counts_and_the_others_go_on(
    town: Town, sample_school: School, spoiled: str
) -> None:
    town.run()
    before = told([town.site], town.file)
    oak = town.sites.sites["oak"]
    town.tells("oak", sample_school, some_wins(sample_school, 9))
    stands, cube = json.loads(oak.bodies[MANIFEST]), json.loads(oak.bodies[MANIFEST])["cubes"][0]["path"].lstrip("/")

    def puts(path: str, value: Any) -> None:
        oak.write_once(path, json.dumps(value).encode())

    match spoiled:
        case "gone":
            del town.sites.sites["oak"]
        case "manifest":
            oak.write_once(MANIFEST, b'{"format": ')
        case "format":
            puts(MANIFEST, {**stands, "format": stands["format"] + 1})
        case "cube":
            oak.write_once(cube, b"[" * 100_000)
        case "cube_gone":
            oak.remove([cube])
        case "columns":
            puts(cube, {**cubes_of(oak)[0], "columns": ["n"]})
        case "numbers":
            puts(cube, json.loads(json.dumps(cubes_of(oak)[0]).replace("9]", "-9]")))
        case "path":
            puts(MANIFEST, {**stands, "cubes": [{"school_year": "2026-27", "path": "/dashboard/../stories/1.json"}]})
    followed, _ = town.run()
    assert followed.unread == ["oak"]
    assert (followed.over.schools, followed.over.recent) == (2, 2)
    assert told([town.site], town.file) == before
    town.tells("maple", sample_school, some_wins(sample_school, 1))
    town.run()
    assert told([town.site], town.file) != before


def test_schools_that_were_not_heard_from_for_a_fortnight_are_counted_and_not_named(town: Town) -> None:
    town.run()
    later = NOW + timedelta(days=15)
    maple = town.tables["maple"].schools[1]
    town.tells("maple", maple, [*town.tables["maple"].wins.values()], later)
    followed, _ = town.run(now=later)
    assert (followed.over.schools, followed.over.recent) == (2, 1)


def test_what_a_slower_run_writes_is_refused_once_another_took_over(town: Town, sample_school: School) -> None:
    town.run()
    oak = [*town.tables["oak"].wins.values()]
    town.tells("oak", sample_school, [*oak, *some_wins(sample_school, 1)])
    reads = iter(range(100))

    def another_run(_school: str, path: str) -> None:
        if "cube" in path and next(reads) == 0:
            town.tells("oak", sample_school, oak)
            town.run()
            town.tells("oak", sample_school, [*oak, *some_wins(sample_school, 2)])

    town.sites.meanwhile = another_run
    town.run()
    town.run()
    town.check("maple", "oak")


def test_a_group_that_the_district_has_too_few_people_for_is_not_named_and_does_not_get_named_later(
    town: Town, sample_school: School
) -> None:
    group = next(one for one in sample_school.groups if one.headcount and labels_of(sample_school).groups([one.id], 1))

    def named(headcount: int) -> School:
        groups = tuple(one.model_copy(update={"headcount": headcount}) for one in town.file.groups if one == group)
        return town.file.model_copy(update={"groups": groups})

    def weeks_with_it() -> set[str]:
        at = cubes_of(town.site)[0]["columns"].index("groups")
        return {
            one["week"] for cube in cubes_of(town.site) for one in cube["cells"] for cell in one["cells"] if cell[at]
        }

    old, new = (some_wins(sample_school, 2, ago, groups=[group.id]) for ago in (1, 0))
    town.tells("maple", sample_school, old)
    town.table.save_school(named(2), 2)
    town.run()
    assert not weeks_with_it()
    town.table.save_school(named(300), 3)
    town.tells("maple", sample_school, [*old, *new])
    town.run()
    assert weeks_with_it() == {new[0].week}


def test_no_published_file_of_a_district_tells_a_story_a_team_or_a_school(town: Town, sample_school: School) -> None:
    secret = sample_school.model_copy(update={"name": "Maple Grove Academy", "school": "maple"})
    team = next(one for one in secret.teams if labels_of(secret).team(one.id, 1))
    team = team.model_copy(update={"id": "zebra-team", "name": {"any": "Zebra Team"}})
    secret = secret.model_copy(update={"teams": (team, *secret.teams)})
    author = {"mode": "named", "name": "Ms. Quetzal"}
    lesson = win_at(secret, NOW, 1, kind="lesson", story="The xylophone fell.", team=team.id, author=author)
    answer = win_at(secret, story="The xylophone played.", team=team.id).model_copy(
        update={"resolves": lesson.story_id}
    )
    town.file = town.file.model_copy(update={"languages": ("en", "es")})
    town.has("maple", "oak")
    town.tells("maple", secret, [lesson, answer])
    followed, _ = town.run()
    pages = replace(wiring.pages(), follow=lambda *_: followed)
    publish(town.table, town.site, pages, wiring.draw_charts, TOMORROW)
    published = town.site.bodies
    found = {path for path in published if path.endswith("index.html") and path.startswith("dashboard")}
    assert found == {f"dashboard{at}{own}/index.html" for at in ("", "/counts") for own in ("", "/es")}
    assert not [path for path in published if "stories" in path or "wall" in path or "sheet" in path or "share" in path]
    for path, body in published.items():
        for word in ("xylophone", "Quetzal", "Zebra", "zebra-team", "Maple Grove", '"maple"', '"oak"', lesson.story_id):
            assert word not in body.decode(), (word, path)
    page = published[PAGE].decode()
    assert "Schools counted: 2; published in the last two weeks: 2" in page
    assert "Escuelas contadas: 2; publicaron" in published["dashboard/es/index.html"].decode()
    assert page.count('class="drawing"') == 10
    assert 'href="#stories' not in page
    cells = [cell for cube in cubes_of(town.site) for week in cube["cells"] for cell in week["cells"]]
    assert {cell[9] for cell in cells} - {""} <= {cell[8] for cell in cells}
    assert any(cell[9] for cell in cells), "an answer still finds its lesson"


def test_a_district_receives_no_wins_by_any_door_and_removes_none(town: Town) -> None:
    file = town.newest[1]
    with pytest.raises(Problem, match="no_wins_here"):
        submit_win(desk_at(town.table, file), submission("Somebody sang."), "web")
    office = Postman(MemoryTable(), file)
    assert office.bring(mail()) == "no_wins_here"
    assert "receives no wins" in office.answers()[0]
    phone = Phone(MemoryTable(), file)
    assert "receives no wins" in str(phone.text("Somebody sang."))
    town.run()
    stood = {**town.table.stored}
    assert retain(desk_at(town.table, file, NOW + timedelta(days=9999))) == Retained()
    assert (town.table.stored, town.table.wins) == (stood, {})


def test_whoever_sends_a_win_to_a_district_is_told_where_it_belongs(caller: Caller, sample_school: School) -> None:
    wiring.table().save_school(district_of(sample_school, "maple"), 2)
    wiring.forget_school()
    told = caller.send()
    form = caller.call("POST", "/api/wins", b"kind=success&story=S", content_type="application/x-www-form-urlencoded")
    assert (told.status, told.json["code"]) == (410, "no_wins_here")
    assert "your own school" in told.json["detail"]
    assert form.status == 410
    assert "your own school" in form.body.decode()
    assert wiring.table().weeks() == []


def test_on_the_real_engines_a_district_counts_its_schools_and_a_second_run_writes_nothing(
    real_surroundings: dict[str, str], town: Town
) -> None:
    s3, ssm, here = boto3.client("s3"), boto3.client("ssm"), real_surroundings["TABLE_NAME"][-9:]
    ids = [f"{school}-{here}" for school in ("maple", "oak")]
    for school, site in zip(ids, town.sites.sites.values(), strict=True):
        s3.create_bucket(Bucket=f"small-wins-{school}")
        ssm.put_parameter(Name=site_parameter(school), Value=f"small-wins-{school}", Type="String")
        for path, body in site.bodies.items():
            s3.put_object(Bucket=f"small-wins-{school}", Key=path, Body=body)
    wiring.table().save_school(district_of(town.file, *ids, "not-there"), 1)
    first = wiring.publish_now()
    assert (first.unread, len(first.weeks)) == (["not-there"], 3)
    published = MemorySite()
    bucket = os.environ["SITE_BUCKET"]
    for one in s3.list_objects_v2(Bucket=bucket)["Contents"]:
        published.write_once(one["Key"], s3.get_object(Bucket=bucket, Key=one["Key"])["Body"].read())
    assert told([published], town.file) == told(town.sites.sites.values(), town.file)
    assert wiring.publish_now().wrote == 0

    district = DynamoDistrict(boto3.client("dynamodb"), os.environ["TABLE_NAME"])
    assert [*district.counted_schools()] == ids
    assert sum(share.rollup.n for share in district.shares_of(ids[0], "0000", "9999").values()) == 6
    wiring.table().save_school(district_of(town.file, ids[1]), 2)
    wiring.publish_now()
    assert [*district.counted_schools()] == [ids[1]]
    assert not district.shares_of(ids[0], "0000", "9999")
    (read,) = SchoolSites(s3, ssm).read_each([(ids[0], "dashboard/nothing.json")]).values()
    assert str(read) == "NoSuchKey"


def test_the_stack_of_a_district_is_told_that_it_is_one(town: Town, sample_school: School, tmp_path: Path) -> None:
    where = Deployment(region="us-east-1", admin="it@maplerow.example")

    def kind_of(file: School) -> str:
        return of_the_file(Job(tmp_path, file, where, Place("1", "us-east-1", "us")), "")["Kind"]

    assert (kind_of(town.file), kind_of(sample_school)) == ("district", "school")
