"""Responses to any survey, invented by a keyed generator and fit for its questionnaires."""

import numpy

from questionnaires.model import NonAnswer, QuestionType
from questionnaires.responses import Chosen, Number, Response, Written
from questionnaires.routing import on_path


def invented_responses(survey, shares, people, seed=1):
    """``people`` responses; ``shares`` says how many of them answer each version."""
    dice = numpy.random.default_rng(seed)
    audiences = list(shares)
    drawn = dice.choice(len(audiences), size=people, p=numpy.array(list(shares.values())))
    return [_response(survey.version(audiences[number]), dice) for number in drawn]


def _response(questionnaire, dice):
    mood = dice.beta(4, 2)
    answers = {question.id: _answer(question, dice, mood) for question in questionnaire.questions}
    return Response(questionnaire.id, on_path(questionnaire, answers))


def _answer(question, dice, mood):
    if dice.random() < 0.04:
        return NonAnswer.SKIPPED
    if question.non_answers and dice.random() < 0.06:
        return next(iter(question.non_answers))
    match question.type:
        case QuestionType.TEXT:
            return Written("A few words.")
        case QuestionType.LADDER:
            return Number(int(dice.binomial(10, mood)))
        case QuestionType.CHOICES:
            several = [option for option in question.options if not option.exclusive]
            chosen = [option.code for option in several if dice.random() < 0.3]
            return Chosen(tuple(chosen or [question.options[-1].code]))
        case QuestionType.CHOICE:
            place = int(dice.beta(1 + 2 * (1 - mood), 1 + 2.5 * mood) * len(question.options))
            return Chosen((question.options[place].code,))
