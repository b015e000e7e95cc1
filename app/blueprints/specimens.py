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
from wtforms.validators import InputRequired

CASTS = (
    ("千景", "chikage", "online", "gold", "30s", "今日あったことを、そのまま話してください。", 48),
    ("陽葵", "hinata", "in_talk", "blue", "20s", "就活の話、同じ目線で聞きます。", 0),
    ("ゆう", "yu", "soon_reserved", "silver", "20s", "夜更かしのおともに。", 45),
    ("佳津江", "kazue", "offline", "black", "60s", "急がなくて大丈夫。お茶を片手にどうぞ。", 50),
)
CATEGORIES = {"listening": "愚痴聞き", "chat": "雑談"}


class SpecimenForm(FlaskForm):  # type: ignore[misc]
    email = EmailField("メールアドレス", description="確認のメールを送ります。", validators=[InputRequired()])
    born_on = DateField("生年月日", validators=[InputRequired()])
    about = TextAreaField("自己紹介")
    kind = RadioField("種類", choices=[("a", "完了"), ("b", "未実施")], validators=[InputRequired()])
    order = SelectField("並び順", choices=[("ready", "いま話せる順"), ("price", "料金の安い順")])
    agreed = BooleanField("利用規約に同意します", validators=[InputRequired()])
    stars = RadioField("評価", choices=[(str(n), str(n)) for n in range(1, 6)])


def make(now: datetime) -> dict[str, object]:
    form = SpecimenForm(formdata=None, data={"email": "mizuiro@example", "stars": "4"})
    form.email.errors = ["メールアドレスの形になっていません。"]
    return {
        "form": form,
        "casts": [_cast(*each, now=now) for each in CASTS],
        "category_names": CATEGORIES,
        "cells": [_cell("free", None), _cell("paid", 1), _cell("stopped", None), _cell("paid", 2), _cell("returned", 3)],
        "hour": [_cell("free", None), *(_cell("paid", n) for n in range(1, 60))],
    }


def _cast(
    name: str, key: str, state: str, rank: str, age_band: str, tagline: str, rating: int, *, now: datetime
) -> SimpleNamespace:
    return SimpleNamespace(
        public_id=f"specimen-{key}",
        name=name,
        portrait=f"portraits/{key}.svg",
        state=state,
        rank=rank,
        age_band=age_band,
        categories=list(CATEGORIES),
        tagline=tagline,
        price_points=200,
        rating_tenths=rating,
        rating_count=12 if rating else 0,
        joined_at=now,
    )


def _cell(kind: str, number: int | None) -> dict[str, object]:
    return {"kind": kind, "number": number, "said": f"20:17–20:18 {kind} {number or ''}"}
