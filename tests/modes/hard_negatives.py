"""Sound answers that look like a mode: (name, prompt, response). All written for these tests."""

# ruff: noqa: E501  long lines are what is tested here

from __future__ import annotations

import base64
import hashlib
import json

CODE_PYTHON = """Here is the function:

```python
def area(width, height):
    if width < 0:
        raise ValueError("width < 0")
    if height < 0:
        raise ValueError("height < 0")
    total = 0
    for i in range(height):
        for j in range(width):
            total += 1
    return total

print(area(1, 1))
print(area(2, 1))
print(area(3, 1))
print(area(4, 1))
```

It counts the cells one by one."""

CODE_BARE = """import re
import sys
import json

x = [[0, 0, 0, 0], [0, 0, 0, 0], [0, 0, 0, 0], [0, 0, 0, 0]]
y = {k: v for k, v in zip("abcd", x) if v[0] == 0 and k != "e"}
for (a, b), (c, d) in pairs: print(a[b]%c, d**2, ~b, a//c, b<<1, c&d, a|b, a^b)
assert re.match(r"^(?:[a-z]+\\d{2,4}|\\w*)$", sys.argv[1]) is not None
tmp, ctx, cfg, ptr, btn, fmt, hdr = None, None, None, None, None, None, None
"""

CODE_JS = (
    '!function(t,e){"object"==typeof exports?module.exports=e():(t=t||self).q=e()}(this,function(){var t=1,e=2,n=[];'
    "for(var r=0;r<10;r++){n.push(r*t+e);if(n[r]%2===0){n[r]=-n[r]}else{n[r]^=3}}return{a:n,b:n.length,c:n[0]||null}});"
)

CODE_LEXER = r"""RULES = [
    (r"0[xX][\da-fA-F]+(_[\da-fA-F]+)*", "number"),
    (r"(?:[A-Z][a-zA-Z0-9_]*\.)+[a-z]\w*|\$[{(][^)}]*[)}]", "name"),
    (r"[~!%^&*+=|?:<>/-]+|\[\]|\(\)", "operator"),
    (r"'(?:\\.|[^'\\\n])'|\"(?:\\.|[^\"\\\n])*\"", "text"),
]
"""

CODE_USING = "\n".join(
    f"using std::{name};"
    for name in [
        "cbrt",
        "copysign",
        "erf",
        "erfc",
        "exp2",
        "expm1",
        "fdim",
        "fma",
        "fmax",
        "fmin",
        "hypot",
        "ilogb",
        "lgamma",
        "llrint",
        "llround",
        "log1p",
        "log2",
        "logb",
        "lrint",
    ]
)

CODE_JSON = json.dumps(
    [
        {"id": i, "name": name, "tags": [], "parent": None, "active": True}
        for i, name in enumerate(["ash", "oak", "elm", "fir", "yew"])
    ],
    indent=2,
)

CODE_HTML = (
    "<table>\n"
    + "".join(
        f"  <tr><td>{a}</td><td>{b}</td><td></td><td></td></tr>\n"
        for a, b in [("Mon", 3), ("Tue", 5), ("Wed", 8), ("Thu", 2)]
    )
    + "</table>\n<div><div><div><div><div>\n</div></div></div></div></div>\n<p><s>old price</s> new price</p>"
)

CODE_SQL = "\n".join(
    f"INSERT INTO trees (id, name, height) VALUES ({i}, '{name}', {h});"
    for i, (name, h) in enumerate(
        [("ash", 21), ("oak", 30), ("elm", 25), ("fir", 40), ("yew", 12), ("larch", 33), ("alder", 18)]
    )
)

TABLE_MARKDOWN = """| Day | Open | Lunch | Dinner | Bar | Terrace |
| --- | --- | --- | --- | --- | --- |
| Monday | yes | yes | yes | yes | yes |
| Tuesday | yes | yes | yes | yes | no |
| Wednesday | yes | yes | yes | no | no |
| Thursday | no | no | no | no | no |
| Friday | yes | yes | yes | yes | yes |
| Saturday | yes | yes | yes | yes | yes |"""

TABLE_ASCII = "\n".join(
    ["+----------+----------+----------+", "| item     | price    | stock    |", "+----------+----------+----------+"]
    + [
        f"| {name:<8} | {price:<8} | {stock:<8} |"
        for name, price, stock in [("rope", 12, 4), ("lamp", 8, 0), ("tent", 90, 2)]
    ]
    + ["+----------+----------+----------+"]
)

NUMBERS = "\n".join("\t".join(str((i * j) % 7) for j in range(1, 9)) for i in range(1, 13))
IDENTITY = "\n".join(" ".join("1" if i == j else "0" for j in range(10)) for i in range(10))
ZEROS = "The matrix is\n" + "\n".join(" ".join(["0"] * 6) for _ in range(6)) + "\nand all its entries are zero."

POEM = """The mill wheel turns, the water sings,
the miller counts his copper things,
    and round and round it goes, my dear,
    and round and round it goes.

The sacks are full, the mice are thin,
the cat is waiting by the bin,
    and round and round it goes, my dear,
    and round and round it goes.

The night comes down, the wheel stands still,
an owl is sitting on the sill,
    and round and round it goes, my dear,
    and round and round it goes."""

SONG = """(Verse)
I walked along the river when the morning light was new,
and every boat was singing of the places that it knew.

(Chorus)
Na na na na, hey, na na na na,
row on, row on, row on.
Na na na na, hey, na na na na,
row on, row on, row on.

(Verse)
I walked along the river when the evening light was low,
and every boat was sleeping where the quiet waters flow."""

NAMES = (
    "Krzysztof Szczepanski, Zbigniew Wrzeszcz, Agnieszka Przybylska, Nguyen Thi Phuong, Bjork Gudmundsdottir, Siobhan Ni Dhomhnaill, "
    "Llywelyn ap Gwynedd, Mbongeni Ngcobo, Xochitl Tlapa, Ng Xiuqiong, Jyvaskyla, Aoife Mhic, Vytautas Vyskocil, Hrvoje Brkljacic"
)

STEPS = "\n".join(f"Step {i}: Turn the {i}th screw by a quarter and check the level." for i in range(1, 13))
CHECKLIST = (
    "\n".join(f"{i}. Not applicable" for i in range(1, 13))
    + "\nAll other fields were filled in by the owner of the boat."
)

GENES = (
    "The panel covers BRCA1, BRCA2, TP53, PTEN, CDH1, STK11, PALB2, CHEK2, ATM, BARD1, RAD51C and NBN. The SNP rs1799966 and the "
    "probe sequence ATGGATTTATCTGCTCTTCGCGTTGAAGAAGTACAAAATGTCATTAATGCTATGCAG lie in the first of them."
)
CHEMICALS = (
    "Common examples are 2,4-dichlorophenoxyacetic acid, N,N-dimethyltryptophan methyl ester, tris(hydroxymethyl)aminomethane, "
    "polytetrafluoroethylene, 4-hydroxy-3-methoxybenzaldehyde (vanillin), C8H10N4O2 (caffeine) and CC(=O)Oc1ccccc1C(=O)O (aspirin)."
)
MATH = (
    "We have x^2 + 3x - 10 = 0, so (x + 5)(x - 2) = 0 and x = -5 or x = 2. Then \\sum_{k=1}^{n} k = \\frac{n(n+1)}{2}, "
    "\\int_0^1 x^2 \\, dx = \\frac{1}{3}, and f'(x) = 2x + 3 > 0 for x > -3/2. Therefore 1/3 = 0.333333333333 approximately."
)
ART = r"""      /\_/\
     ( o.o )
      > ^ <
     /     \
    (  | |  )
     --   --
   ~~~~~~~~~~~~"""
ART_BIG = "\n".join(["  " + "*" * (2 * i + 1) for i in range(9)] + ["  " + "|" * 3] * 2)
PI = "Pi is 3.14159265358979323846264338327950288419716939937510582097494459230781640628620899 to 80 places."
URLS = (
    "See https://example.org/articles/2021/07/14/how-to-mend-a-kite?ref=home&utm_source=mail#part-2 and also "
    "https://files.example.org/a8f5f167f44f4964e6c998dee827110c/kite_pattern_v2_final_FINAL.tar.gz for the pattern."
)
REGEX = "Use `^(?:[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*)@(?:[a-z0-9]+\\.)+[a-z]{2,}$` for it."
PROSE = (
    "A kite flies because the wind pushes against its slanted face. The line keeps the face at an angle, so that part of the push "
    "is upwards. If the tail is too light the kite spins, and if it is too heavy the kite sinks. On a day with a steady breeze you "
    "need only a few steps to launch it. Stand with your back to the wind, hold the kite up, and let out the line when you feel it "
    "pull. Do not run: a kite that needs a runner is badly trimmed. Move the knot on the bridle a little towards the nose if it "
    "wobbles, or towards the tail if it will not climb. Children like bright colours, and so do the pilots of small planes who have "
    "to see it. "
)
LONG_PROSE = "\n\n".join(PROSE.replace("kite", word).replace("wind", other) for word, other in [
    ("kite", "wind"), ("sail", "breeze"), ("banner", "gale"), ("glider", "draught"), ("streamer", "current")])  # fmt: skip

JAPANESE = "凧が空を飛ぶのは、風が斜めの面を押すからです。糸が角度を保つので、力の一部は上向きになります。しっぽが軽すぎると回ってしまいます。"
CHINESE = "风筝能飞是因为风推着它倾斜的表面。线使它保持一定的角度，所以一部分力是向上的。尾巴太轻，它就会打转；太重，它就会下沉。"
KOREAN = (
    "연은 바람이 기울어진 면을 밀어 올리기 때문에 하늘을 납니다. 줄이 각도를 지켜 주므로 힘의 일부는 위로 향합니다."
)
ARABIC = (
    "تطير الطائرة الورقية لأن الريح تدفع وجهها المائل إلى أعلى. ويحفظ الخيط زاوية الوجه، فيكون جزء من الدفع نحو السماء."
)
HEBREW = "עפיפון עף כי הרוח דוחפת את פניו המשופעים. החוט שומר על הזווית, ולכן חלק מן הכוח פועל כלפי מעלה."
RUSSIAN = "Воздушный змей летит, потому что ветер давит на его наклонную поверхность. Нить держит угол, и часть силы направлена вверх."
HINDI = "पतंग इसलिए उड़ती है क्योंकि हवा उसके तिरछे हिस्से को धक्का देती है। डोर कोण को बनाए रखती है, इसलिए बल का एक भाग ऊपर की ओर होता है।"
THAI = "ว่าวลอยได้เพราะลมดันหน้าว่าวที่เอียงอยู่ เชือกช่วยรักษามุมไว้ แรงส่วนหนึ่งจึงยกว่าวขึ้น ถ้าหางเบาเกินไปว่าวจะหมุน"
AMHARIC = "ካይት የሚበረው ነፋስ ያዘነበለውን ገጽ ስለሚገፋው ነው። ክሩ ማዕዘኑን ይጠብቃል።"
GERMAN = (
    "Ein Drachen fliegt, weil der Wind gegen seine schräge Fläche drückt. Die Schnur hält den Winkel, sodass ein Teil der Kraft nach oben "
    "wirkt. Die Donaudampfschifffahrtsgesellschaft verkauft übrigens keine Drachen, aber Geburtstagsgeschenkverpackungen."
)
POLISH = (
    "Latawiec leci, poniewaz wiatr naciska na jego pochylona powierzchnie. Sznurek utrzymuje kat, wiec czesc sily dziala w gore. Chrzaszcz "
    "brzmi w trzcinie w Szczebrzeszynie, a wszyscy przyszli wczesniej, zeby zobaczyc, czy wzleci."
)
FINNISH = "Leija lentää, koska tuuli painaa sen vinoa pintaa. Naru pitää kulman, joten osa voimasta vaikuttaa ylöspäin. Hyvää yötä ja kiitos."
VIETNAMESE = (
    "Diều bay được vì gió đẩy vào mặt nghiêng của nó. Sợi dây giữ góc nghiêng, nên một phần lực hướng lên trên."
)
WELSH = "Mae barcud yn hedfan am fod y gwynt yn gwthio yn erbyn ei wyneb. Mae'r llinyn yn cadw'r ongl, felly mae rhan o'r grym yn codi."
SWAHILI = "Tiara huruka kwa sababu upepo husukuma uso wake ulioinama. Kamba huweka pembe, kwa hiyo sehemu ya nguvu huelekea juu."
ROMAN_HINDI = "Patang isliye udti hai kyunki hawa uske tirche hisse ko dhakka deti hai. Dor kon ko banaye rakhti hai, bilkul theek thaak."
ROMAN_JAPANESE = "Tako ga sora wo tobu no wa, kaze ga naname no men wo osu kara desu. Ito ga kakudo wo tamotsu node, chikara wa ue ni mukimasu."
MALTESE = "Il-ħamiema ttir għax ir-riħ jimbotta l-wiċċ tagħha. Ġorġ u Ċensu jgħidu li l-ħajta żżomm l-angolu, u għalhekk titla' 'l fuq."
SWITCHING = "First, 加热 the oil, then lower the flame and add the onions. Stir until they are soft, then add the 酱油 and serve it hot."
GREEK_MATH = "Let α and β be the angles; then sin(α + β) = sin α cos β + cos α sin β, and ∑ xᵢ ≤ √n for all ε > 0, as we wanted to show."
TRANSLATIONS = "Water: вода (Russian), 水 (Japanese), पानी (Hindi), ماء (Arabic), 물 (Korean), νερό (Greek), น้ำ (Thai)."
EMOJI = "🎉🎉🎉 Happy birthday! 🎂🥳👩‍👩‍👧‍👦❤️"
EMOJI_ONLY = "👍"
DIALOGUE = "User: Is the gate open?\nAssistant: It is open until nine.\nUser: And on Sunday?\nAssistant: It stays shut on Sunday."
TOKENS = (
    "In that format every turn starts with <|im_start|> and ends with <|im_end|>, and the text ends with <|endoftext|>."
)
ENCODINGS = "If UTF-8 is read as Windows-1252, then “é” shows up as `Ã©` and “ü” as `Ã¼`. Save the file again as UTF-8 to mend it."
RESTATED = (
    "To keep a wooden boat dry in the winter, first take everything out of it. Then turn it over on two trestles, cover it with a sheet that "
    "lets the air through, and look at it once a month. Paint it in the spring, when the wood has dried, and not before."
)
QUOTED_OPTION = "B) the line keeps the kite at an angle to the wind"
CONFIG = "\n".join(
    f"server.{k}={v}"
    for k, v in [("host", "localhost"), ("port", 8080), ("tls", "false"), ("log", "info"), ("tmp", "/var/tmp")]
)
LOG = "\n".join(
    f"2024-03-0{i} 12:0{i}:00,123 INFO [worker-{i}] kite.Line: line {i} let out by {i * 7} m" for i in range(1, 9)
)
PHONETIC = "It is pronounced /ˈkʌmfətəbəl/ in British English and [ˈkʰɐmftəbɫ̩] by some speakers; the stress is on the first part."
ERRANDS = "- [ ] rope\n- [ ] lamp\n- [ ] tent\n- [ ] map\n- [x] boots\n- [ ] tea\n- [ ] tea\n- [ ] matches"
LAUGH = "Hahahahaha, that is a good one! Nooooooo, I will not tell you where the biscuits are. Sssssh!"
SHORT_REFUSAL = "I can't help with that."
CHESS = "1. e4 e5 2. Nf3 Nc6 3. Bb5 a6 4. Ba4 Nf6 5. O-O Be7 6. Re1 b5 7. Bb3 d6 8. c3 O-O 9. h3 Nb8 10. d4 Nbd7 11. Nbd2 Bb7"
MORSE = "... --- ... / .-- . / .- .-. . / ... .. -. -.- .. -. --. / .--. .-.. . .- ... . / .... . .-.. .--."
BINARY = "01001000 01100101 01101100 01101100 01101111 00100000 01110111 01101111 01110010 01101100 01100100"
CIPHER = "Wkh nlwh iolhv ehfdxvh wkh zlqg sxvkhv djdlqvw lwv vodqwhg idfh, dqg wkh olqh nhhsv lw dw dq dqjoh."

SOUND: list[tuple[str, str | None, str]] = [
    ("python", "Write a function that counts the cells.", CODE_PYTHON),
    ("bare code", None, CODE_BARE),
    ("minified", None, CODE_JS),
    ("lexer", None, CODE_LEXER),
    ("using", None, CODE_USING),
    ("json", None, CODE_JSON),
    ("json line", None, json.dumps(json.loads(CODE_JSON))),
    ("html", None, CODE_HTML),
    ("sql", None, CODE_SQL),
    ("markdown table", None, TABLE_MARKDOWN),
    ("ascii table", None, TABLE_ASCII),
    ("numbers", None, NUMBERS),
    ("identity matrix", None, IDENTITY),
    ("zeros", None, ZEROS),
    ("poem", None, POEM),
    ("song", None, SONG),
    ("names", None, NAMES),
    ("steps", None, STEPS),
    ("checklist", None, CHECKLIST),
    ("genes", None, GENES),
    ("chemicals", None, CHEMICALS),
    ("math", None, MATH),
    ("art", "Draw a cat as ASCII art.", ART),
    ("big art", None, ART_BIG),
    ("pi", None, PI),
    ("links", None, URLS),
    ("regular expression", None, REGEX),
    ("prose", None, PROSE),
    ("long prose", None, LONG_PROSE),
    ("japanese", "凧はなぜ飛ぶのですか。教えてください。", JAPANESE),
    ("chinese", "风筝为什么能飞？请简单说明。", CHINESE),
    ("korean", "연은 왜 하늘을 나나요?", KOREAN),
    ("arabic", "لماذا تطير الطائرة الورقية؟", ARABIC),
    ("hebrew", None, HEBREW),
    ("russian", "Почему летит воздушный змей?", RUSSIAN),
    ("hindi", "पतंग क्यों उड़ती है?", HINDI),
    ("thai", "ทำไมว่าวจึงลอยได้", THAI),
    ("amharic", None, AMHARIC),
    ("german", "Warum fliegt ein Drachen?", GERMAN),
    ("polish", None, POLISH),
    ("finnish", None, FINNISH),
    ("vietnamese", None, VIETNAMESE),
    ("welsh", None, WELSH),
    ("swahili", None, SWAHILI),
    ("romanised hindi", "Patang kyun udti hai?", ROMAN_HINDI),
    ("romanised japanese", None, ROMAN_JAPANESE),
    ("maltese", None, MALTESE),
    ("code switching", "How do I fry onions for this dish?", SWITCHING),
    ("greek letters", None, GREEK_MATH),
    ("translations", "How do you say water in other languages?", TRANSLATIONS),
    ("translation", "Translate 'A kite flies because of the wind' into Japanese.", JAPANESE),
    ("english to japanese question", "凧はなぜ飛ぶのですか。教えてください。", PROSE),
    ("emoji", None, EMOJI),
    ("one emoji", None, EMOJI_ONLY),
    ("dialogue", "Write a short dialogue between a user and an assistant.", DIALOGUE),
    ("tokens", "Which special tokens does ChatML have?", TOKENS),
    ("encodings", "Why do I see strange characters in my file?", ENCODINGS),
    ("question restated", "How do I keep a wooden boat dry in the winter?", RESTATED),
    ("option quoted", f"Which is right? A) the tail pulls the kite up {QUOTED_OPTION} C) the colour makes the kite lighter than air",
     QUOTED_OPTION),
    ("repeat", "Repeat the word lantern 20 times.", " ".join(["lantern"] * 20)),
    ("repeat lines", "Write 'I will not run in the corridor.' 15 times.", "\n".join(["I will not run in the corridor."] * 15)),
    ("repeat symbol", "Print a row of 60 exclamation marks.", "!" * 60),
    ("base64", "Encode this as base64: the kite is red", base64.b64encode(PROSE.encode()).decode()),
    ("base64 unasked", None, base64.b64encode(bytes(range(7, 200))).decode()),
    ("hash", "What is the SHA-256 hash of this word?", hashlib.sha256(b"kite").hexdigest()),
    ("hashes", None, "\n".join(hashlib.md5(bytes([i])).hexdigest() for i in range(12))),
    ("cipher", "Encrypt this with a Caesar cipher.", CIPHER),
    ("morse", "Say it in Morse code.", MORSE),
    ("binary", None, BINARY),
    ("configuration", None, CONFIG),
    ("log", None, LOG),
    ("phonetic", None, PHONETIC),
    ("errands", None, ERRANDS),
    ("laugh", None, LAUGH),
    ("refusal", None, SHORT_REFUSAL),
    ("chess", None, CHESS),
    ("one number", "What is six times seven?", "42"),
    ("one word", "What is the capital of France?", "Paris"),
    ("one letter", None, "B"),
    ("yes", None, "Yes."),
    ("one han", "「木」の読み方は？", "き"),
    ("date", None, "1969-07-20"),
    ("money", None, "$3.50"),
    ("formula", None, "E = mc²"),
    ("googol", "Write out a googol as a number with all its zeros.", "1" + "0" * 100),
    ("alphabet", None, "A B C D E F G H I J K L M N O P Q R S T U V W X Y Z"),
    ("counting", None, " ".join(str(i) for i in range(1, 121))),
    ("byte order mark", None, "\ufeffThe kite is red, and the sky is blue today."),
    ("windows lines", None, "The kite is red.\r\nThe sky is blue.\r\n\r\nThe grass is green.\r\n"),
]  # fmt: skip

COHERENT = {
    "python", "sql", "poem", "song", "names", "steps", "genes", "prose", "long prose", "german", "polish", "finnish", "swahili",
    "vietnamese", "welsh", "romanised hindi", "code switching", "dialogue", "tokens", "question restated", "refusal", "laugh",
    "markdown table", "html", "repeat", "repeat lines", "windows lines", "byte order mark",
}  # fmt: skip
UNKNOWN = {
    "japanese", "chinese", "arabic", "thai", "numbers", "one number", "one word", "one letter", "one emoji", "base64", "hash",
    "binary", "counting",
}  # fmt: skip
