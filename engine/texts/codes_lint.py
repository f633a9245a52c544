"""The codes of lints: what is not wrong but probably not meant."""

from __future__ import annotations

from engine.texts.code import INFO as I
from engine.texts.code import WARNING as W
from engine.texts.code import Code

LINT_CODES: dict[str, Code] = {
    "L101": Code(W, ("nothing uses the input `{name}`", "tidak ada yang memakai masukan `{name}`"),
                 ("People would fill in a column that changes no answer.", "Orang mengisi kolom yang tidak mengubah jawaban apa pun.")),
    "L102": Code(W, ("nothing uses the parameter `{name}`", "tidak ada yang memakai parameter `{name}`"),
                 ("Changing this number would change nothing.", "Mengubah angka ini tidak akan mengubah apa pun.")),
    "L103": Code(W, ("nothing uses the decision `{name}`", "tidak ada yang memakai keputusan `{name}`"),
                 ("It is computed for every profile and read by no one.", "Keputusan ini dihitung untuk setiap profil tetapi tidak dibaca siapa pun.")),
    "L104": Code(W, ("the rule `{rule}` can never fire", "aturan `{rule}` tidak akan pernah berlaku"),
                 ("No profile meets this condition: parts of it exclude each other, also through the decisions and roles that it names.", "Tidak ada profil yang memenuhi syarat ini: bagian-bagiannya saling meniadakan, juga melalui keputusan dan peran yang disebutnya.")),
    "L105": Code(W, ("the rule `{rule}` adds nothing to `{other}` ({place})", "aturan `{rule}` tidak menambah apa pun pada `{other}` ({place})"),
                 ("Wherever it fires, the other rule has the same effect on the same role. Its reason is said beside the other's.", "Di mana pun aturan ini berlaku, aturan lain itu sudah berakibat sama pada peran yang sama. Alasannya disebut di samping alasan aturan itu.")),
    "L106": Code(W, ("the rule `{rule}` has the condition of `{other}` ({place})", "syarat aturan `{rule}` sama dengan syarat `{other}` ({place})"),
                 ("Two rules with one condition and one effect are one rule.", "Dua aturan dengan syarat dan akibat yang sama sebenarnya satu aturan.")),
    "L107": Code(W, ("rows {a} and {b} of `{table}` both match {profile}", "baris {a} dan {b} dari `{table}` sama-sama cocok untuk {profile}"),
                 ("Under `unique` at most one row may match, under `any` those that match must agree; such a profile would be rejected.", "Dengan `unique` paling banyak satu baris boleh cocok, dengan `any` baris yang cocok harus sepakat; profil seperti ini akan ditolak.")),
    "L108": Code(W, ("no row of `{table}` is for {profile}", "tidak ada baris `{table}` untuk {profile}"),
                 ("The decision is null for such a profile.", "Untuk profil seperti ini keputusannya kosong (null).")),
    "L109": Code(W, ("row {row} of `{table}` never decides", "baris {row} dari `{table}` tidak pernah menentukan"),
                 ("No profile matches it, or each one that does is taken by a row above it.", "Tidak ada profil yang cocok, atau semuanya sudah diambil baris di atasnya.")),
    "L110": Code(I, ("the rows of `{table}` exclude each other, so `{policy}` could be `unique`", "baris-baris `{table}` saling meniadakan, jadi `{policy}` dapat diganti `unique`"),
                 ("`unique` says so to the reader, and keeps it so.", "`unique` menyatakannya kepada pembaca dan menjaganya tetap begitu.")),
    "L111": Code(W, ("the role `{role}` can never be active", "peran `{role}` tidak akan pernah aktif"),
                 ("No profile activates it without also excluding it.", "Tidak ada profil yang mengaktifkannya tanpa sekaligus meniadakannya.")),
    "L112": Code(W, ("the structure `{structure}` can never be eligible: {text}", "struktur `{structure}` tidak akan pernah memenuhi syarat: {text}"),
                 ("No profile meets this requirement together with those above it.", "Tidak ada profil yang memenuhi syarat ini bersama syarat-syarat di atasnya.")),
    "L113": Code(I, ("the estimate `{name}` has no range", "perkiraan `{name}` tidak punya rentang"),
                 ("A range says how far off the estimate may be, and is what sensitivity is tried over.", "Rentang menyatakan seberapa jauh perkiraan bisa meleset, dan dipakai untuk menguji kepekaan.")),
    "L114": Code(W, ("`{{{name}}}` stands only in the text in `{lang}`", "`{{{name}}}` hanya ada dalam teks berbahasa `{lang}`"),
                 ("Readers of the other language are not told the value.", "Pembaca bahasa yang lain tidak diberi tahu nilainya.")),
    "L115": Code(W, ("the {kind} `{name}` cites nothing", "{kind} `{name}` tidak menyebut sumber"),
                 ("Every rule, role, structure and criterion says where it comes from.", "Setiap aturan, peran, struktur, dan kriteria menyebutkan asalnya.")),
    "L116": Code(W, ("where `{name}` is not stated, the rule `{rule}` silently does not fire", "bila `{name}` tidak disebutkan, aturan `{rule}` diam-diam tidak berlaku"),
                 ("A comparison with a missing value is neither true nor false.", "Perbandingan dengan nilai yang kosong tidak benar dan tidak salah.")),
}  # fmt: skip
