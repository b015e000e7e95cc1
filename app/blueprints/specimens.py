"""What the style page shows: invented values for every macro and class."""

from datetime import datetime
from types import SimpleNamespace

from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    DateField,
    EmailField,
    RadioField,
    SelectField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired

CASTS = (
    ("chikage", "千景", "今日あったことを、そのまま話してください。", "gold", "online", 48),
    ("hinata", "陽葵", "就活の話、同じ目線で聞きます。", "blue", "in_talk", 0),
    ("yu", "ゆう", "夜更かしのおともに。", "silver", "soon_reserved", 45),
    ("kazue", "佳津江", "急がなくて大丈夫。お茶を片手にどうぞ。", "black", "offline", 50),
)
CATEGORIES = {"listening": "愚痴聞き", "chat": "雑談"}


def _choices(**labels: str) -> list[SelectChoice]:
    return [SelectChoice(value, label) for value, label in labels.items()]


class SpecimenForm(FlaskForm):  # type: ignore[misc]
    email = EmailField(
        "メールアドレス", description="確認のメールを送ります。", validators=[InputRequired()]
    )
    born_on = DateField("生年月日", validators=[InputRequired()])
    about = TextAreaField("自己紹介")
    kind = RadioField("種類", choices=_choices(a="完了", b="未実施"), validators=[InputRequired()])
    order = SelectField("並び順", choices=_choices(ready="いま話せる順", price="料金の安い順"))
    agreed = BooleanField("利用規約に同意します", validators=[InputRequired()])
    stars = RadioField("評価", choices=_choices(**{str(n): str(n) for n in range(1, 6)}))


def make(now: datetime) -> dict[str, object]:
    form = SpecimenForm(formdata=None, data={"email": "mizuiro@example", "stars": "4"})
    form.email.errors = ["メールアドレスの形になっていません。"]
    return {
        "form": form,
        "casts": [_cast(each, now=now) for each in CASTS],
        "category_names": CATEGORIES,
        "cells": [
            _cell("free", None),
            _cell("paid", 1),
            _cell("stopped", None),
            _cell("paid", 2),
            _cell("returned", 3),
        ],
        "hour": [_cell("free", None), *(_cell("paid", n) for n in range(1, 60))],
    }


def _cast(values: tuple[str, str, str, str, str, int], *, now: datetime) -> SimpleNamespace:
    key, name, tagline, rank, state, rating = values
    return SimpleNamespace(
        public_id=f"specimen-{key}",
        name=name,
        portrait=f"portraits/{key}.svg",
        state=state,
        rank=rank,
        age_band="30s",
        categories=list(CATEGORIES),
        tagline=tagline,
        price_points=200,
        rating_tenths=rating,
        rating_count=12 if rating else 0,
        joined_at=now,
    )


def _cell(kind: str, number: int | None) -> dict[str, object]:
    return {"kind": kind, "number": number, "said": f"20:17–20:18 {kind} {number or ''}"}
