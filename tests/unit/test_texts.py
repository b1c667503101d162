"""A conversation by text: one sentence is one win, and everything else is a word."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from fakes.desk import NOW, desk_at
from fakes.memory import Fuse, Fused, Killed, MemoryTable
from fakes.phone import URL, Phone
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.domain.school import School
from chalicelib.domain.segments import count_segments, is_gsm
from chalicelib.doors.texts import Text
from chalicelib.ports import Undeliverable, Unsent
from chalicelib.work.amend import open_win
from chalicelib.work.receive_text import answer_text

STORY = "Two hands went up before I had finished the question."


@pytest.fixture
def open_school(sample_school: School) -> School:
    """A school that takes texts from any number."""
    return sample_school.model_copy(update={"texts": sample_school.texts.model_copy(update={"unknown": "open"})})


@pytest.fixture
def phone(open_school: School) -> Phone:
    """A number nobody knows yet."""
    return Phone(MemoryTable(), open_school)


def joined(phone: Phone) -> Phone:
    phone.text("JOIN oak7")
    return phone


# a text is a win


def test_a_text_is_kept_word_for_word(phone: Phone) -> None:
    phone.text("  Two hands\nwent up ✋🏽  ")
    (win,) = phone.wins()
    assert (win.story, win.kind, win.channel, win.author.mode) == (
        "  Two hands\nwent up ✋🏽  ",
        "success",
        "text",
        "confidential",
    )


def test_the_answer_thanks_and_says_how_it_was_filed_and_how_to_change_it_in_one_segment(phone: Phone) -> None:
    answer = joined(phone).text(STORY)
    assert len(answer) == 1
    assert answer[0].startswith("Thank you! Kept as a success under Every student can explain their thinking.")
    assert "UNDO" in answer[0]
    assert (count_segments(answer[0]), is_gsm(answer[0])) == (1, True)


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("kind", ["Lesson: ", ""])
def test_the_answer_takes_one_segment_for_every_goal_in_both_languages(
    open_school: School, language: str, kind: str
) -> None:
    words = {"en": "The class waited for each other", "es": "La clase se esperó y los niños hablaron"}[language]
    for goal in open_school.goals:
        link = open_school.links[0].model_copy(update={"code": "xyz1", "goal": goal.id})
        phone = Phone(MemoryTable(), open_school.model_copy(update={"links": (link,)}))
        phone.text("JOIN xyz1")
        (answer,) = phone.text(kind + words)
        assert count_segments(answer) == 1
        assert is_gsm(answer)
        assert answer.startswith("Thank" if language == "en" else "¡Gracias!")


def test_a_name_too_long_for_a_segment_is_cut_and_the_sentence_is_not(open_school: School) -> None:
    long = open_school.goals[0].model_copy(update={"name": {"any": "Every student " * 20}})
    school = open_school.model_copy(update={"goals": (long, *open_school.goals[1:])})
    (answer,) = joined(Phone(MemoryTable(), school)).text(STORY)
    assert count_segments(answer) == 1
    assert "Every student" in answer
    assert answer.endswith("Also EDIT, UNDO, HELP.")


def test_a_text_that_names_itself_a_lesson_is_one(phone: Phone) -> None:
    phone.text("Lesson: groups of five are too many.")
    assert phone.last().kind == "lesson"
    assert phone.last().story == "Lesson: groups of five are too many."


def test_a_long_text_is_whole(phone: Phone) -> None:
    phone.text("Then they waited. " * 80)
    assert phone.last().story == "Then they waited. " * 80


def test_a_text_of_nothing_is_answered_and_not_stored(phone: Phone) -> None:
    assert "no words" in phone.text("  \n")[0]
    assert "no words" in phone.text("\u2060\u200b")[0]
    assert phone.wins() == []


def test_a_picture_is_politely_declined_and_its_words_are_kept(phone: Phone) -> None:
    assert "Pictures are not kept" in phone.text("", pictures=1)[0]
    assert phone.wins() == []
    answers = phone.text("Look at this tower", pictures=2)
    assert any("picture was not kept" in answer for answer in answers)
    assert phone.last().story == "Look at this tower"


def test_a_text_in_spanish_is_answered_in_spanish_and_so_is_the_next_command(phone: Phone) -> None:
    assert phone.text("Dos niñas explicaron su idea sin que nadie lo pidiera")[0].startswith("¡Gracias!")
    assert phone.text("L")[0].startswith("Cambiado")


# changing it


def test_numbers_add_the_listed_signs(phone: Phone) -> None:
    joined(phone).text(STORY)
    assert "because" in phone.text("1 3")[0]
    assert phone.last().signs == ("because", "shows-two-ways")
    phone.text("2")
    assert phone.last().signs == ("because", "shows-two-ways", "builds-on")


def test_a_number_that_is_not_listed_changes_nothing_and_says_so(phone: Phone) -> None:
    joined(phone).text(STORY)
    assert "1 to 4" in phone.text("1 9")[0]
    assert phone.last().signs == ()


def test_signs_are_listed_with_the_numbers_that_add_them(phone: Phone) -> None:
    joined(phone).text(STORY)
    listed = phone.text("SIGNS")[0]
    assert '1 Students say "because"' in listed
    assert "4 Mistakes are shared" in listed
    phone.text("L")
    assert "hoped for" in phone.text("signs")[0]


def test_a_win_without_a_goal_is_filed_by_number_and_then_has_signs(phone: Phone) -> None:
    phone.text(STORY)
    assert "GOAL" in phone.text("1")[0]
    assert "2 Every student chooses to read" in phone.text("goal")[0]
    assert "Filed under Every student chooses to read" in phone.text("2")[0]
    assert phone.last().goals == ("readers",)
    phone.text("3")
    assert phone.last().signs == ("own-choice",)


def test_another_goal_takes_the_signs_of_the_former_away(phone: Phone) -> None:
    joined(phone).text(STORY)
    phone.text("1")
    phone.text("GOAL 3")
    assert (phone.last().goals, phone.last().signs) == (("belong",), ())


def test_l_and_w_switch_the_kind(phone: Phone) -> None:
    phone.text(STORY)
    phone.text("l")
    assert phone.last().kind == "lesson"
    phone.text("W")
    assert phone.last().kind == "success"


def test_edit_replaces_the_words_and_team_says_whose(phone: Phone) -> None:
    phone.text(STORY)
    assert "Three hands went up." in phone.text("EDIT Three hands went up.")[0]
    phone.text("TEAM arts")
    assert (phone.last().story, phone.last().team) == ("Three hands went up.", "arts")


@pytest.mark.parametrize(
    "story",
    [
        "Editar en parejas funcionó muy bien",
        "Edit groups worked",
        "Edit day! Peers gave real feedback",
        "edit circles clicked",
    ],
)
def test_a_sentence_that_begins_like_an_edit_never_replaces_another_story(phone: Phone, story: str) -> None:
    phone.text(story)
    assert [win.story for win in phone.wins()] == [story]
    phone.text("Maya's group explained fractions.")
    phone.text(story + " again")
    assert [win.story for win in phone.wins()] == [story, "Maya's group explained fractions.", story + " again"]


def test_an_edit_that_repeats_words_of_the_story_is_one_without_any_mark(phone: Phone) -> None:
    phone.text("Two hands went up.")
    phone.text("Edit Three hands went up.")
    phone.text("EDIT Lesson: nobody waited")
    assert [(win.story, win.kind) for win in phone.wins()] == [("Lesson: nobody waited", "lesson")]


def test_new_words_longer_than_can_be_kept_change_nothing_and_are_said_to_be(phone: Phone) -> None:
    phone.text(STORY)
    assert "too long" in phone.text("EDIT " + "x" * 10_001)[0]
    assert phone.last().story == STORY


def test_several_goals_are_filed_together_and_a_kind_keeps_the_list(phone: Phone) -> None:
    phone.text(STORY)
    phone.text("GOAL")
    phone.text("L")
    phone.text("2 3")
    assert phone.last().goals == ("readers", "belong")
    phone.text("4")
    assert phone.last().signs == ("invites",)


def test_a_goal_without_signs_is_said_to_have_none(open_school: School) -> None:
    bare = open_school.goals[0].model_copy(update={"signs": ()})
    phone = joined(Phone(MemoryTable(), open_school.model_copy(update={"goals": (bare, *open_school.goals[1:])})))
    assert "GOAL" not in phone.text(STORY)[0]
    assert "nothing to choose" in phone.text("SIGNS")[0]
    assert "nothing to choose" in phone.text("1")[0]


def test_lists_of_many_long_names_can_be_sent(open_school: School) -> None:
    goals = tuple(
        open_school.goals[0].model_copy(
            update={"id": f"g{n}", "name": {"any": f"Goal {n} " + "long " * 50}, "signs": ()}
        )
        for n in range(12)
    )
    phone = Phone(MemoryTable(), open_school.model_copy(update={"goals": goals, "links": ()}))
    phone.text(STORY)
    (answer,) = phone.text("GOAL")
    assert len(answer) < 1_600
    assert "12 Goal 11" in answer


def test_a_school_with_a_long_name_still_answers_in_one_segment(open_school: School) -> None:
    school = open_school.model_copy(update={"name": "Martin Luther King Junior Memorial Elementary School of the Arts"})
    phone = Phone(MemoryTable(), school)
    for body in ("HELP", "START", "STOP"):
        assert [count_segments(answer) for answer in phone.text(body)] == [1]


def test_a_class_that_is_joined_is_a_win_to_who_has_joined(phone: Phone) -> None:
    joined(phone).text("Join class7")
    assert phone.last().story == "Join class7"


def test_undo_and_anon_work_beyond_the_limit(open_school: School) -> None:
    texts = open_school.texts.model_copy(update={"per_hour": 1})
    phone = Phone(MemoryTable(), open_school.model_copy(update={"texts": texts}))
    phone.text(STORY)
    phone.text("One too many.")
    assert "Taken back" in phone.text("UNDO")[0]


def test_undo_takes_it_back_and_nothing_of_the_story_is_kept(phone: Phone) -> None:
    phone.text(STORY)
    assert "Taken back" in phone.text("UNDO")[0]
    assert (phone.last().state, phone.last().story) == ("deleted", "")
    assert STORY not in repr(phone.table.contacts)
    assert "no recent win" in phone.text("L")[0]


def test_a_second_undo_says_that_the_first_was_all_it_can_do(phone: Phone) -> None:
    phone.text("The first one of today.")
    phone.text("The second one of today.")
    assert "Taken back." in phone.text("UNDO")[0]
    assert "already" in phone.text("UNDO")[0]
    assert [win.state for win in phone.wins()] == ["visible", "deleted"]


@pytest.mark.parametrize("words", ["Thanks!", "thank you", "OK", "👍", "gracias", "¡Muchas gracias!"])
def test_a_thanks_for_our_answer_is_no_win_but_from_somebody_new_it_may_be_one(phone: Phone, words: str) -> None:
    phone.text(STORY)
    assert "welcome" in phone.text(words)[0] or "De nada" in phone.text(words)[0]
    assert len(phone.wins()) == 1
    Phone(phone.table, phone.school, "+15555550101").text(words)
    assert len(phone.wins()) == 2


def test_a_number_of_no_list_and_a_command_with_an_unknown_name_are_no_wins(phone: Phone) -> None:
    joined(phone).text(STORY)
    assert "from 1 to 4" in phone.text("0")[0]
    assert "1 Grades K-1." in phone.text("TEAM xyz")[0]
    assert "1 Every student" in phone.text("GOAL none")[0]
    assert len(phone.wins()) == 1


def test_teams_are_listed_and_chosen_by_number(phone: Phone) -> None:
    phone.text(STORY)
    assert "2 Grades 2-3." in phone.text("TEAM")[0]
    assert "Grades 2-3" in phone.text("2")[0]
    assert phone.last().team == "grade-2-3"


def test_the_old_words_sent_again_after_an_edit_are_a_win(phone: Phone) -> None:
    phone.text("The clas waited.")
    phone.text("EDIT: The class waited.")
    phone.text("The clas waited.")
    assert [win.story for win in phone.wins()] == ["The class waited.", "The clas waited."]


def test_a_command_is_about_the_last_win_only(phone: Phone) -> None:
    phone.text("The first one of today.")
    phone.wait(minutes=1)
    phone.text("The second one of today.")
    phone.text("UNDO")
    assert [win.state for win in phone.wins()] == ["visible", "deleted"]


def test_a_command_long_after_the_win_does_not_touch_it(phone: Phone) -> None:
    phone.text(STORY)
    phone.wait(days=4)
    assert "no recent win" in phone.text("UNDO")[0]
    assert phone.wins()[0].state == "visible"


def test_anon_cuts_every_tie_and_leaves_an_address_that_opens_the_win(phone: Phone) -> None:
    joined(phone).text(STORY)
    (answer,) = phone.text("ANON")
    token = answer.partition("#")[2]
    receipt = open_win(desk_at(phone.table, phone.school), token)
    assert (receipt.win.author.mode, receipt.win.story) == ("anonymous", STORY)
    (contact,) = phone.table.contacts.values()
    assert contact.last is None
    assert receipt.win.id not in contact.model_dump_json()
    assert "no recent win" in phone.text("UNDO")[0]


# the same message twice


@pytest.mark.parametrize("body", [STORY, "1 3", "L", "UNDO", "EDIT Three hands.", "GOAL 2", "SIGNS", "ANON", "HELP"])
def test_a_message_delivered_again_does_nothing_and_is_not_answered_again(phone: Phone, body: str) -> None:
    joined(phone).text("The first win of the day.")
    assert phone.text(body)
    before = phone.wins()
    for _ in range(3):
        assert phone.deliver(phone.sent[-1]) == []
    assert phone.wins() == before


def test_a_carriers_second_copy_is_one_win_and_the_same_words_later_are_another(phone: Phone) -> None:
    phone.text(STORY)
    phone.text("L")
    phone.text("Something else in between.")
    phone.wait(minutes=2)
    assert phone.text(STORY) == []
    assert len(phone.wins()) == 2
    phone.text("UNDO")
    phone.wait(minutes=10)
    assert phone.text(STORY) != []
    assert [win.state for win in phone.wins()] == ["visible", "deleted", "visible"]


def test_the_same_words_from_two_phones_are_two_wins(phone: Phone) -> None:
    phone.text(STORY)
    Phone(phone.table, phone.school, "+15555550101").text(STORY)
    assert len(phone.wins()) == 2


def test_the_same_words_after_undo_are_a_win_again(phone: Phone) -> None:
    phone.text(STORY)
    phone.text("UNDO")
    phone.text(STORY)
    assert [win.state for win in phone.wins()] == ["deleted", "visible"]


@pytest.mark.parametrize(
    "body",
    [
        STORY,
        "1 3",
        "L",
        "UNDO",
        "STOP",
        "GOAL",
        "ANON",
        "JOIN elm2",
        "EDIT: Other words",
        "Edit groups worked",
        "Join class7",
    ],
)
def test_killed_between_any_two_steps_the_retry_ends_in_one_win_and_at_most_one_answer(
    open_school: School, body: str
) -> None:
    clean = joined(Phone(MemoryTable(), open_school))
    clean.text("The first win of the day.")
    wanted = clean.text(body)
    steps = 0
    while True:
        phone = joined(Phone(MemoryTable(), open_school))
        phone.text("The first win of the day.")
        fuse = Fuse(before_write=steps)
        whole, phone.table = phone.table, Fused(phone.table, fuse)
        try:
            phone.text(body)
        except Killed:
            phone.table = whole
            answers = [phone.deliver(phone.sent[-1]) for _ in range(2)]
            assert [_without_receipts(one) for one in answers] == [_without_receipts(wanted), []]
        else:
            break
        told = [(win.story, win.kind, win.signs, win.goals, win.state, win.author.mode) for win in phone.wins()]
        assert sorted(told) == sorted(
            (win.story, win.kind, win.signs, win.goals, win.state, win.author.mode) for win in clean.wins()
        )
        steps += 1
    assert steps >= 2


def _without_receipts(answers: list[str]) -> list[str]:
    return [answer.partition("#")[0] for answer in answers]


# consent


def test_the_first_contact_gets_the_opt_in_wording_once_and_it_is_recorded(phone: Phone) -> None:
    first, second = phone.text(STORY), phone.text("Another one.")
    assert ["STOP to stop" in answer for answer in first] == [False, True]
    assert len(second) == 1
    (contact,) = phone.table.contacts.values()
    assert [(line.what, line.wording) for line in contact.log] == [("first_text", "text.opt_in/en")]
    assert contact.log[0].when == "2026-11-25"
    assert contact.log[0].message not in {"", phone.sent[0].message_id}


@pytest.mark.parametrize("word", ["STOP", "stop.", "Unsubscribe", "OPT OUT", "alto"])
def test_stop_is_confirmed_once_and_then_nothing_is_sent(phone: Phone, word: str) -> None:
    phone.text(STORY)
    assert len(phone.text(word)) == 1
    assert phone.text("STOP") == []
    assert phone.text("A win all the same.") == []
    assert phone.text("L") == []
    assert phone.last().story == "A win all the same."
    assert phone.last().kind == "lesson"
    assert "you are opted out" not in "".join(phone.text("HELP"))
    assert len(phone.text("HELP")) == 1


def test_start_opts_in_again_and_both_are_recorded_with_wording_message_and_time(phone: Phone) -> None:
    for body in (STORY, "STOP", "START"):
        phone.text(body)
    assert phone.text("They waited for each other.") != []
    (contact,) = phone.table.contacts.values()
    assert [line.what for line in contact.log] == ["first_text", "opted_out", "opted_in"]
    assert contact.log[1].when == (NOW + timedelta(seconds=2)).isoformat()
    assert len({line.message for line in contact.log}) == 3


def test_a_stop_that_the_provider_confirmed_is_recorded_and_not_answered_again(phone: Phone) -> None:
    assert phone.text("NO MAS", provider_did="stop") == []
    assert phone.text("A win all the same.") == []
    assert len(phone.wins()) == 1
    assert phone.text("YES", provider_did="start") == []
    assert phone.text("Answered again.") != []
    assert [win.story for win in phone.wins()] == ["A win all the same.", "Answered again."]
    (contact,) = phone.table.contacts.values()
    assert [(line.what, line.wording) for line in contact.log[:2]] == [
        ("opted_out", "the provider's"),
        ("opted_in", "the provider's"),
    ]


def test_a_number_that_stopped_before_it_joined_gets_nothing_more(sample_school: School) -> None:
    phone = Phone(MemoryTable(), sample_school)
    assert len(phone.text("STOP")) == 1
    for body in ("What is this about?", "L", "1", "STOP"):
        assert phone.text(body) == []
    assert phone.wins() == []
    assert len(phone.text("HELP")) == 1


def test_joining_lifts_a_stop(phone: Phone) -> None:
    phone.text("STOP")
    phone.text("JOIN oak7")
    assert phone.text(STORY) != []


def test_a_phones_reaction_to_our_answer_is_neither_a_win_nor_answered(phone: Phone) -> None:
    (answer, opt_in) = phone.text(STORY)
    for reaction in (f"Liked “{answer[:40]}…”", f"Reacted 👍 to “{opt_in}”", f"Le gustó “{answer}”"):
        assert phone.text(reaction) == []
    assert len(phone.wins()) == 1
    assert phone.text("She said “Thank you! Kept it for me” and beamed all day long.") != []


def test_no_number_is_kept(phone: Phone) -> None:
    for body in (STORY, "STOP", "START", "1", "UNDO"):
        phone.text(body)
    everything = repr(vars(phone.table))
    assert "5555550100" not in everything
    assert phone.sent[0].message_id not in everything


# who may


def test_an_unknown_number_joins_by_a_link_first(sample_school: School) -> None:
    phone = Phone(MemoryTable(), sample_school)
    assert "JOIN" in phone.text(STORY)[0]
    assert "No link" in phone.text("JOIN oak9")[0]
    assert phone.wins() == []
    phone.text("join oak7")
    phone.text(STORY)
    assert (phone.last().goals, phone.last().link) == (("explain",), "oak7")


def test_a_limit_is_told_once_an_hour_and_stop_works_all_the_same(open_school: School) -> None:
    texts = open_school.texts.model_copy(update={"per_hour": 3})
    phone = Phone(MemoryTable(), open_school.model_copy(update={"texts": texts}))
    answers = [phone.text(f"Win number {n} of this hour") for n in range(6)]
    assert [len(one) for one in answers] == [2, 1, 1, 1, 0, 0]
    assert "until 11:00" in answers[3][0]
    assert len(phone.wins()) == 3
    assert len(phone.text("STOP")) == 1
    phone.wait(hours=1)
    phone.text("START")
    phone.text("A new hour.")
    assert len(phone.wins()) == 4


# anonymous schools


def test_where_nothing_is_kept_about_senders_no_item_ties_a_text_to_its_number(open_school: School) -> None:
    privacy = open_school.privacy.model_copy(update={"default_author": "anonymous"})
    phone = Phone(MemoryTable(), open_school.model_copy(update={"privacy": privacy}))
    (answer, _opt_in) = phone.text(STORY)
    assert f"{URL}/receipt#" in answer
    (win,) = phone.wins()
    (contact,) = phone.table.contacts.values()
    assert contact.last is None
    everything = contact.model_dump_json()
    assert win.id not in everything
    assert NOW.isoformat()[:13] not in everything
    assert phone.deliver(phone.sent[-1]) == []
    assert len(phone.wins()) == 1
    for private in (win.id[:10], "oak7"):
        assert private not in repr(phone.table.contacts)


def test_in_an_anonymous_school_the_same_words_are_no_second_win_and_nobody_elses_receipt(open_school: School) -> None:
    privacy = open_school.privacy.model_copy(update={"default_author": "anonymous"})
    phone = Phone(MemoryTable(), open_school.model_copy(update={"privacy": privacy}))
    other = Phone(phone.table, phone.school, "+15555550101")
    phone.text(STORY)
    assert "add a word" in other.text(STORY)[0]
    assert "receipt" not in "".join(other.text(STORY))
    assert len(phone.wins()) == 1
    other.text(f"{STORY} Again!")
    assert len(phone.wins()) == 2
    assert "address you got" in phone.text("UNDO")[0]


def test_in_an_anonymous_school_a_retry_after_midnight_is_the_same_win(open_school: School) -> None:
    privacy = open_school.privacy.model_copy(update={"default_author": "anonymous"})
    phone = Phone(
        MemoryTable(),
        open_school.model_copy(update={"privacy": privacy}),
        now=datetime(2026, 11, 26, 4, 58, tzinfo=UTC),
    )
    phone.text(STORY)
    phone.wait(minutes=5)
    assert phone.deliver(phone.sent[-1]) == []
    assert len(phone.wins()) == 1


def test_a_win_made_anonymous_no_longer_tells_by_which_link_its_phone_joined(phone: Phone) -> None:
    joined(phone).text(STORY)
    phone.text("1")
    old = phone.last().id
    phone.text("ANON")
    assert (phone.last().link, phone.last().goals) == (None, ("explain",))
    assert old not in repr(vars(phone.table))


# sending


class _Texter:
    """Sends `good` texts, then fails as told, then sends again."""

    def __init__(self, *failures: Exception, good: int = 0) -> None:
        self.sent: list[str] = []
        self.failures = list(failures)
        self.good = good

    def send_text(self, sender: str, recipient: str, body: str) -> None:
        if len(self.sent) >= self.good and self.failures:
            raise self.failures.pop()
        assert sender == "+15555550199"
        assert recipient.startswith("+1555555")
        self.sent.append(body)


def test_an_answer_that_could_not_be_sent_is_sent_by_the_retry(phone: Phone) -> None:
    desk = desk_at(phone.table, phone.school)
    for failing in (1, 2):
        texter = _Texter(Unsent("ThrottlingException"), good=failing - 1)
        text = Text(f"SM{failing}", f"+1555555019{failing}", "+15555550199", STORY)
        with pytest.raises(Unsent):
            answer_text(desk, texter, text)
        assert answer_text(desk, texter, text) == "answered"
        assert answer_text(desk, texter, text) == "silent"
        assert ["STOP to stop" in answer for answer in texter.sent] == [False, True]
    assert len(phone.wins()) == 2


def test_an_answer_that_may_have_been_sent_is_not_sent_again(phone: Phone) -> None:
    joined(phone)
    texter, desk = _Texter(TimeoutError()), desk_at(phone.table, phone.school)
    with pytest.raises(TimeoutError):
        answer_text(desk, texter, _text(STORY))
    assert answer_text(desk, texter, _text(STORY)) == "silent"
    assert (len(texter.sent), len(phone.wins())) == (0, 1)


def test_an_answer_that_can_never_be_delivered_is_given_up(phone: Phone) -> None:
    texter = _Texter(Undeliverable("ConflictException"))
    assert answer_text(desk_at(phone.table, phone.school), texter, _text(STORY)) == "undeliverable"
    assert len(phone.wins()) == 1


def _text(body: str) -> Text:
    return Text("SM-one", "+15555550100", "+15555550199", body)


# any text at all


@settings(max_examples=60, deadline=timedelta(seconds=2))
@given(
    bodies=st.lists(st.text(max_size=60) | st.sampled_from(["1", "L", "UNDO", "GOAL", "2", "ANON", "STOP", "START"]))
)
def test_whatever_is_texted_nothing_fails_and_no_win_is_counted_twice(sample_school: School, bodies: list[str]) -> None:
    texts = sample_school.texts.model_copy(update={"unknown": "open", "per_hour": 500})
    phone = Phone(MemoryTable(), sample_school.model_copy(update={"texts": texts}))
    for body in bodies:
        phone.text(body)
        assert phone.deliver(phone.sent[-1]) == []
    assert len({win.id for win in phone.wins()}) == len(phone.wins()) <= len(bodies)
