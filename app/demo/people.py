"""The demo's people: thirty casts and six guests, invented. Data only; the portraits are drawn beside it."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class DemoCategory:
    slug: str
    name_ja: str
    name_en: str


@dataclass(frozen=True, kw_only=True)
class DemoCast:
    key: str  # also the portrait's file name
    name: str
    age_band: str
    categories: tuple[str, ...]
    rank: str
    tagline: str
    profile: str
    career: str

    @property
    def portrait(self) -> str:
        """Path below static/."""
        return f"portraits/{self.key}.svg"


@dataclass(frozen=True, kw_only=True)
class DemoGuest:
    key: str
    nickname: str


CATEGORIES = (  # what to talk about first, then what somebody is
    DemoCategory(slug="listening", name_ja="愚痴聞き", name_en="Just listening"),
    DemoCategory(slug="chat", name_ja="雑談", name_en="Small talk"),
    DemoCategory(slug="work", name_ja="仕事の悩み", name_en="Work worries"),
    DemoCategory(slug="love", name_ja="恋愛", name_en="Love"),
    DemoCategory(slug="parenting", name_ja="子育て", name_en="Parenting"),
    DemoCategory(slug="hobbies", name_ja="趣味", name_en="Hobbies"),
    DemoCategory(slug="student", name_ja="学生", name_en="Student"),
    DemoCategory(slug="housewife", name_ja="主婦", name_en="Homemaker"),
    DemoCategory(slug="office-worker", name_ja="OL", name_en="Office worker"),
    DemoCategory(slug="company-employee", name_ja="会社員", name_en="Company employee"),
    DemoCategory(slug="makeup", name_ja="メイク教師", name_en="Make-up teacher"),
    DemoCategory(slug="kimono", name_ja="着付けの先生", name_en="Kimono teacher"),
    DemoCategory(
        slug="fitness", name_ja="フィットネスインストラクター", name_en="Fitness instructor"
    ),
    DemoCategory(slug="craft", name_ja="専門職・職人", name_en="Profession or craft"),
)

CASTS = (
    DemoCast(
        key="hiyori",
        name="ひより",
        age_band="20s",
        categories=("student", "chat", "hobbies"),
        rank="blue",
        tagline="眠れない夜に、本の話でもしませんか。",
        profile="大学で近代文学を読んでいます。話すのはゆっくりですが、聞くのは好きです。"
        "「なんとなく誰かと話したい」というだけで来てくださって大丈夫。沈黙も苦になりません。",
        career="大学3年生(日本文学)\n古書店アルバイト 2年",
    ),
    DemoCast(
        key="chikage",
        name="千景",
        age_band="40s",
        categories=("housewife", "listening", "parenting"),
        rank="gold",
        tagline="最後まで口をはさまずに聞きます。",
        profile="家族にも友人にも言えないことって、ありますよね。"
        "私は答えを急ぎません。お茶を淹れて、あなたの話が終わるまで隣にいるつもりで聞いています。"
        "高校生と中学生の母です。",
        career="電話相談のボランティア 6年\n傾聴の講座を修了",
    ),
    DemoCast(
        key="manami",
        name="まなみ",
        age_band="30s",
        categories=("makeup", "chat"),
        rank="silver",
        tagline="手持ちのコスメだけで、見違えます。",
        profile="画面越しにお顔を見ながら、一緒に手を動かすレッスンです。"
        "新しい物は買わなくて大丈夫。眉だけ、5分だけでもどうぞ。",
        career="メイクスクール講師 7年\n着付け・ブライダルのヘアメイクも担当",
    ),
    DemoCast(
        key="yu",
        name="悠",
        age_band="20s",
        categories=("company-employee", "work", "listening"),
        rank="blue",
        tagline="営業4年目。数字がつらい夜、わかります。",
        profile="食品メーカーの営業です。上司のこと、ノルマのこと、辞めたい気持ち、ぜんぶ通ってきました。"
        "帰り道の愚痴くらいの軽さで話しましょう。",
        career="食品メーカー 営業 4年目\n大学ではラグビー部の主務",
    ),
    DemoCast(
        key="sayuri",
        name="さゆり",
        age_band="50s",
        categories=("kimono", "hobbies"),
        rank="gold",
        tagline="帯一本から、ゆっくりお教えいたします。",
        profile="お母さまの着物が箪笥に眠っていませんか。"
        "浴衣の着方から帯結び、お手入れのことまで、画面の向こうで一つずつご一緒します。"
        "お茶やお香のお話もどうぞ。",
        career="着付け教室 主宰 22年\n着付け師として成人式・婚礼を担当",
    ),
    DemoCast(
        key="ren",
        name="れん",
        age_band="30s",
        categories=("fitness", "chat"),
        rank="platinum",
        tagline="今日は肩を回すだけで、満点です。",
        profile="続かないのは意志のせいじゃありません。やり方が合っていないだけ。"
        "椅子に座ったままできる動きを、笑いながら一緒にやりましょう。",
        career="パーソナルトレーナー 9年\n企業の健康づくり講座 担当",
    ),
    DemoCast(
        key="mizuki",
        name="美月",
        age_band="20s",
        categories=("office-worker", "love", "chat"),
        rank="silver",
        tagline="既読がつかない夜の、話し相手。",
        profile="保険会社で事務をしています。恋バナは聞くのも話すのも好きです。"
        "「送るか迷っているメッセージ」を、一緒に読み返しましょう。否定はしません。",
        career="保険会社 事務職 5年目",
    ),
    DemoCast(
        key="koharu",
        name="こはる",
        age_band="20s",
        categories=("student", "chat"),
        rank="blue",
        tagline="よく笑います。だまされたと思って、どうぞ。",
        profile="管理栄養士をめざして勉強中です。実家は青森のりんご農家。"
        "冷蔵庫の残り物を教えてくれたら、今夜の一品を一緒に考えます。",
        career="大学2年生(栄養学)\n学生食堂でアルバイト",
    ),
    DemoCast(
        key="daichi",
        name="大地",
        age_band="20s",
        categories=("student", "hobbies"),
        rank="blue",
        tagline="星と、終電後の静けさの話。",
        profile="天文サークルで観測係をしています。話は上手くないですが、今夜見える星なら教えられます。"
        "ベランダに出られる方は、ぜひ一緒に。",
        career="大学4年生(地球科学)\nプラネタリウム解説員アルバイト",
    ),
    DemoCast(
        key="kazue",
        name="和江",
        age_band="60s",
        categories=("housewife", "parenting", "listening"),
        rank="silver",
        tagline="孫は5人。たいていのことは、何とかなります。",
        profile="夜泣きも、反抗期も、嫁姑も、ひととおり。"
        "立派なことは言えませんが、「それは大変だったね」なら心から言えますよ。"
        "漬物の話もお任せください。",
        career="主婦 40年\n地域の子育て広場 世話役 12年",
    ),
    DemoCast(
        key="takumi",
        name="匠",
        age_band="40s",
        categories=("craft", "hobbies", "work"),
        rank="gold",
        tagline="包丁の研ぎ方から、店のたたみ方まで。",
        profile="洋食の料理人です。一度店を潰して、またやっています。"
        "うまい味噌汁の話でも、これからの働き方の話でも。格好はつけません。",
        career="洋食店 店主・料理長 11年\n調理師 24年",
    ),
    DemoCast(
        key="yoko",
        name="陽子",
        age_band="50s",
        categories=("craft", "listening", "work"),
        rank="gold",
        tagline="夜勤明けの私と、ひと息つきませんか。",
        profile="総合病院で長く看護師をしています。診断やお薬の助言はできませんが、"
        "介護や看病で疲れた気持ちなら、よくわかります。泣きながらでも大丈夫です。",
        career="看護師 28年(外科・緩和ケア)\n現在は夜勤専従",
    ),
    DemoCast(
        key="haruto",
        name="陽翔",
        age_band="20s",
        categories=("company-employee", "hobbies", "work"),
        rank="silver",
        tagline="在宅勤務の「今日誰とも話してない」に。",
        profile="フルリモートのエンジニアです。気づくと一日、独り言しか言っていません。同じ方、いますよね。"
        "ゲーム、ガジェット、自作キーボードの話は止まりません。",
        career="ソフトウェアエンジニア 5年目",
    ),
    DemoCast(
        key="akari",
        name="あかり",
        age_band="30s",
        categories=("housewife", "parenting", "chat"),
        rank="blue",
        tagline="子どもが寝た21時からの、大人の会話。",
        profile="4歳と1歳の母です。今日一日、赤ちゃん言葉しか話していないというあなたへ。"
        "途中で「ママー」が聞こえても気にしません。うちもです。",
        career="元保育士 6年\n現在は二児の母",
    ),
    DemoCast(
        key="shiori",
        name="栞",
        age_band="30s",
        categories=("craft", "hobbies", "listening"),
        rank="silver",
        tagline="今のあなたに合う一冊を、お探しします。",
        profile="図書館で働いています。好きな本がなくても大丈夫。"
        "最近あったことを少し聞かせてもらえたら、次に読みたくなる本を三冊お話しします。",
        career="公共図書館 司書 10年",
    ),
    DemoCast(
        key="gen",
        name="源さん",
        age_band="60s",
        categories=("craft", "chat", "work"),
        rank="gold",
        tagline="駅に42年。人の顔は、よう見てきました。",
        profile="元駅長です。始発を待つ人も、終電に乗りそびれた人も、ホームでずいぶん話を聞きました。"
        "鉄道の話は長くなりますので、適当に止めてください。",
        career="鉄道会社 42年(駅務・運転・駅長)",
    ),
    DemoCast(
        key="emi",
        name="絵美",
        age_band="40s",
        categories=("office-worker", "work"),
        rank="gold",
        tagline="部下にも上司にも言えないこと、どうぞ。",
        profile="メーカーで課長をしています。評価面談、板挟み、復職、産休明け。"
        "正論より先に、まずは吐き出してください。最後に一つだけ、明日できることを一緒に決めましょう。",
        career="メーカー 人事・総務 18年\n社内相談窓口 担当",
    ),
    DemoCast(
        key="nagi",
        name="凪",
        age_band="20s",
        categories=("fitness", "listening"),
        rank="silver",
        tagline="眠る前の10分、呼吸をそろえましょう。",
        profile="ヨガを教えています。からだの硬い人ほど歓迎です。"
        "照明を落として、布団の上でできることだけ。話したくない日は、黙って一緒に呼吸しましょう。",
        career="ヨガインストラクター 4年\nヨガ講師養成コース 修了",
    ),
    DemoCast(
        key="rika",
        name="梨花",
        age_band="40s",
        categories=("makeup", "work", "love"),
        rank="platinum",
        tagline="40代からの眉と口紅、引き受けます。",
        profile="百貨店の化粧品売場に20年立ちました。似合わない色はございません、濃さの問題です。"
        "大事な面接や再会の前に、鏡と一緒にお越しください。",
        career="百貨店 美容部員 20年(教育担当)\nメイク教室 主宰",
    ),
    DemoCast(
        key="fumi",
        name="ふみ",
        age_band="60s",
        categories=("kimono", "listening", "chat"),
        rank="black",
        tagline="急がば、まず深呼吸でございます。",
        profile="京都で仕立てと着付けを五十年。人さまの晴れの日も、そうでない日も見てまいりました。"
        "着物のことはもちろん、人づきあいの間合いについても、よく聞かれます。",
        career="和裁・着付け 50年\n門下生 300余名",
    ),
    DemoCast(
        key="ryohei",
        name="亮平",
        age_band="30s",
        categories=("company-employee", "work"),
        rank="silver",
        tagline="転職3回。失敗のほうを、詳しく話せます。",
        profile="銀行、ベンチャー、そして今は木工所の経理です。"
        "辞めるべきか残るべきか、表に書き出しながら一緒に考えます。すすめも引き止めもしません。",
        career="地方銀行 5年\nスタートアップ 2年\n木工所 経理 3年目",
    ),
    DemoCast(
        key="tsubasa",
        name="つばさ",
        age_band="30s",
        categories=("office-worker", "chat", "love"),
        rank="gold",
        tagline="元客室乗務員。旅の話と、深夜の相談に。",
        profile="10年、空の上で働いていました。今は地上で人材の仕事をしています。"
        "行きたい街の話から、遠距離恋愛のことまで。機内サービスのつもりで、お迎えします。",
        career="航空会社 客室乗務員 10年\n研修会社 勤務",
    ),
    DemoCast(
        key="hinata",
        name="ひなた",
        age_band="20s",
        categories=("student", "hobbies", "chat"),
        rank="blue",
        tagline="ドラムと中華そばでできています。",
        profile="軽音サークルで叩いてます。推しの話、ライブの遠征、バイトの失敗談。"
        "テンション低めの日は、低めに合わせます。気軽にどうぞ!",
        career="専門学校2年生(音響)\n中華そば店アルバイト 3年",
    ),
    DemoCast(
        key="kotone",
        name="琴音",
        age_band="30s",
        categories=("craft", "hobbies", "parenting"),
        rank="silver",
        tagline="ピアノのそばで、お話ししましょう。",
        profile="自宅でピアノを教えています。楽譜が読めなくても、鼻歌で十分です。"
        "お子さんが練習しない、というご相談もよくいただきます。最後に一曲、弾きますね。",
        career="ピアノ講師 13年\n音楽大学 卒業",
    ),
    DemoCast(
        key="masao",
        name="正雄",
        age_band="50s",
        categories=("company-employee", "work", "listening"),
        rank="gold",
        tagline="役職定年の先輩として、聞きます。",
        profile="建材会社に勤めて33年。部長の椅子を降りて、いまは若い人の聞き役です。"
        "仕事の話でも、老親のことでも、定年後の不安でも。説教はしないと妻に誓っております。",
        career="建材会社 33年(営業・工場管理)\n社内メンター 4年",
    ),
    DemoCast(
        key="natsu",
        name="なつ",
        age_band="40s",
        categories=("housewife", "hobbies", "chat"),
        rank="silver",
        tagline="畑から失礼します。土の匂いの雑談です。",
        profile="東京から移住して8年、野菜をつくっています。"
        "ベランダのトマトが枯れた、移住ってどうなの、なんでも。電波のいい畝からつなぎます。",
        career="広告会社 11年\n野菜農家 8年",
    ),
    DemoCast(
        key="asahi",
        name="旭",
        age_band="50s",
        categories=("fitness", "work"),
        rank="silver",
        tagline="泳げなくても、腰痛は軽くなります。",
        profile="水泳を教えて30年、50歳からの体の直し方が専門です。"
        "医者ではないので治しはしませんが、明日の朝が少し楽になる動きを、三つだけお伝えします。",
        career="スイミングクラブ 指導員 30年\n成人水泳教室 担当",
    ),
    DemoCast(
        key="kyoko",
        name="京子",
        age_band="50s",
        categories=("office-worker", "listening", "love"),
        rank="platinum",
        tagline="秘書歴30年。口の堅さには自信があります。",
        profile="役員秘書として、言ってはいけないことばかり聞いて参りました。"
        "離婚、介護、ひとり暮らしのこと。結論が出なくても、整理してお返しします。",
        career="商社 役員秘書 30年",
    ),
    DemoCast(
        key="sora",
        name="そら",
        age_band="20s",
        categories=("company-employee", "chat", "love"),
        rank="blue",
        tagline="閉店後のカフェから、こんばんは。",
        profile="焙煎所のあるカフェで店長をしています。カウンター越しの距離感で話すのが好きです。"
        "名前も仕事も聞きません。今日の気分だけ教えてください。",
        career="カフェ 店長 2年(バリスタ歴 6年)",
    ),
    DemoCast(
        key="ruri",
        name="るり",
        age_band="40s",
        categories=("listening", "love", "work"),
        rank="black",
        tagline="小さな店を20年。夜の愚痴は、夜のうちに。",
        profile="カウンター8席の店を切り盛りしてきました。笑い話にするのは得意ですが、"
        "笑えない夜は笑わないで聞きます。乾杯は、麦茶でもどうぞ。",
        career="小料理店 女将 20年",
    ),
)

GUESTS = (
    DemoGuest(key="mizuiro", nickname="みずいろ"),
    DemoGuest(key="kohaku", nickname="こはく"),
    DemoGuest(key="nori", nickname="nori"),
    DemoGuest(key="yofukashi", nickname="夜更かし"),
    DemoGuest(key="tarte", nickname="タルト"),
    DemoGuest(key="kei", nickname="ケイ"),
)
