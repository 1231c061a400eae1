"""A release reaches the boxes stage by stage, and no further than it has shown that it works."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from central_hub.fleet import rollout_rules as rules
from central_hub.fleet.rollout_rules import LOST, Member, Plan, Progress, Seen
from protocol.messages import UpdateReport

NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)
SOAK = timedelta(minutes=10)
MINUTE = timedelta(minutes=1)
OLD, NEW = "1.0.0", "2.0.0"


def seen(step: str = "", version: str = OLD, *, online: bool = True, cameras: int = 5) -> Seen:
    report = UpdateReport("a", NEW, step, "porque sim") if step else None  # type: ignore[arg-type]
    return Seen(online, version, cameras, report)


UPDATED = seen("confirmed", NEW)


class World:
    """Boxes, looked at minute by minute as the hub does."""

    def __init__(self, stage_of: dict[str, int]) -> None:
        self.stage_of = stage_of
        self.seen = dict.fromkeys(stage_of, seen())
        self.progress = dict.fromkeys(stage_of, Progress())
        self.state, self.stage, self.now = "running", 0, NOON
        self.told: list[str] = []

    def look(self, after: timedelta = MINUTE) -> Plan[str]:
        self.now += after
        members = [
            Member(name, stage, self.seen[name], self.progress[name]) for name, stage in self.stage_of.items()
        ]
        plan = rules.look(members, self.state, self.stage, NEW, SOAK, self.now)
        self.progress = dict(plan.progress)
        self.state, self.stage = plan.state, plan.stage
        self.told += plan.tell
        return plan

    def state_of(self, name: str) -> str:
        return self.progress[name].state


def test_a_stage_after_the_other_until_all_have_it() -> None:
    world = World({"canary": 0, "b": 1, "c": 1})
    assert world.look().tell == ["canary"]
    world.seen["canary"] = UPDATED
    assert world.look().tell == [] and world.state_of("canary") == "watched"
    assert world.look(SOAK - MINUTE).tell == [], "not before it has been well for as long as was asked"
    assert world.look().tell == ["b", "c"] and world.stage == 1
    world.seen |= {"b": UPDATED, "c": UPDATED}
    world.look()
    assert world.look(SOAK).state == "done"


def test_a_box_that_goes_back_halts_the_rollout_and_nobody_else_is_told() -> None:
    world = World({"canary": 0, "b": 1})
    world.look()
    world.seen["canary"] = seen("rolled-back")
    plan = world.look()
    assert (plan.state, plan.reason, world.state_of("canary")) == ("halted", "porque sim", "rolled-back")
    for _ in range(20):
        assert world.look(SOAK).tell == []


def test_cameras_that_stay_away_after_the_update_keep_the_next_stage_back() -> None:
    world = World({"canary": 0, "b": 1})
    world.look()
    world.seen["canary"] = replace(UPDATED, cameras=4)
    for _ in range(30):
        assert world.look().tell == []
    assert world.look(rules.WITHIN).state == "halted", "and in the end halt the rollout"


def test_a_moment_of_ill_health_begins_the_wait_anew() -> None:
    world = World({"canary": 0, "b": 1})
    world.look()
    world.seen["canary"] = UPDATED
    world.look()
    world.seen["canary"] = replace(UPDATED, online=False)
    world.look(SOAK)
    world.seen["canary"] = UPDATED
    assert world.look().tell == []
    assert world.look(SOAK).tell == ["b"]


def test_a_box_out_of_contact_holds_nobody_up_and_gets_the_release_when_it_comes() -> None:
    world = World({"a": 0, "away": 0, "b": 1})
    world.seen["away"] = seen(online=False)
    world.look()
    world.seen["a"] = UPDATED
    world.look()
    assert world.look(SOAK).tell == ["b"]
    world.seen |= {"away": seen(), "b": seen("downloading")}
    assert world.look().tell == ["away"]


def test_a_stage_of_which_nobody_is_there_is_not_passed_over() -> None:
    world = World({"canary": 0, "b": 1})
    world.seen["canary"] = seen(online=False)
    for _ in range(20):
        assert world.look(SOAK).tell == []


def test_a_box_that_did_not_hear_is_told_again() -> None:
    world = World({"a": 0})
    world.look()
    world.look(rules.TOLD_AGAIN_AFTER)
    world.seen["a"] = seen("downloading")
    world.look(rules.TOLD_AGAIN_AFTER)
    assert world.told == ["a", "a"]


def test_a_box_that_has_the_release_already_is_done() -> None:
    world = World({"a": 0})
    world.seen["a"] = seen(version=NEW)
    assert world.look().state == "done" and not world.told


def test_a_paused_rollout_tells_nobody_but_goes_on_looking() -> None:
    world = World({"a": 0, "b": 1})
    world.look()
    world.state = "paused"
    world.seen["a"] = UPDATED
    world.look()
    assert world.look(SOAK).tell == [] and world.state_of("a") == "done"
    world.state = "running"
    assert world.look().tell == ["b"]


STEPS = ["", "downloading", "installing", "trial", "confirmed", "rolled-back", "failed"]
SEEN = st.builds(
    seen,
    st.sampled_from(STEPS),
    st.sampled_from([OLD, NEW]),
    online=st.booleans(),
    cameras=st.integers(0, 6),
)
STORIES = st.lists(st.dictionaries(st.sampled_from("abcdef"), SEEN), max_size=25)


@given(STORIES)
def test_whatever_the_boxes_do_no_stage_begins_before_the_one_before_it_works(
    story: list[dict[str, Seen]],
) -> None:
    world = World({"a": 0, "b": 1, "c": 1, "d": 2, "e": 2, "f": 2})
    for step in story:
        world.seen |= step
        halted_before = world.state == "halted"
        plan = world.look(timedelta(minutes=6))
        states = {name: world.state_of(name) for name in world.stage_of}
        if halted_before or any(state in LOST for state in states.values()):
            assert plan.state == "halted" and not plan.tell
        for name in plan.tell:
            assert world.seen[name].online
            for stage in range(world.stage_of[name]):
                earlier = [one for one, of in world.stage_of.items() if of == stage]
                assert any(states[one] == "done" for one in earlier)
        if plan.state == "done":
            assert set(states.values()) == {"done"}


NODES = st.lists(st.text("abcdefgh", min_size=1, max_size=4), unique=True, max_size=40)
SHARES = st.lists(st.integers(1, 99), unique=True, max_size=4).map(lambda found: [*sorted(found), 100])


@given(NODES, SHARES, st.data())
def test_every_box_is_in_one_stage(nodes: list[str], shares: list[int], data: st.DataObject) -> None:
    canaries = data.draw(st.lists(st.sampled_from(nodes), unique=True)) if nodes else []
    placed = rules.stages(nodes, canaries, shares, "2.0.0")
    assert placed.keys() == set(nodes)
    assert {node for node, stage in placed.items() if stage == 0} >= set(canaries)
    first = 1 if canaries else 0
    rest = [node for node in nodes if node not in canaries]
    for number, share in enumerate(shares, first):
        upto = sum(placed[node] <= number for node in rest)
        assert len(rest) * share / 100 <= upto < len(rest) * share / 100 + 1
