"""Sentences of `susun rules prove`, in English and Indonesian."""

from __future__ import annotations

TEXTS: dict[str, tuple[str, str]] = {
    "hint.install_z3": ("install it with `pip install susun[prove]`", "pasang dengan `pip install susun[prove]`"),
    "prove.one-row": ("Each table of unique rows has one row for every profile", "Tiap tabel dengan baris unik punya satu baris untuk setiap profil"),
    "prove.no-division-by-zero": ("Nothing is divided by zero", "Tidak ada pembagian dengan nol"),
    "prove.fte-is-a-number": ("The work of an active role is a number, never negative", "Beban peran aktif selalu berupa angka dan tidak pernah negatif"),
    "prove.some-structure-is-eligible": (
        "Every profile has at least one eligible structure",
        "Setiap profil punya sedikitnya satu struktur yang memenuhi syarat",
    ),
    "prove.weights-are-not-negative": ("No criterion has a negative weight", "Tidak ada kriteria berbobot negatif"),
    "prove.some-weight-is-positive": ("Some criterion has a weight above zero", "Sedikitnya satu kriteria berbobot di atas nol"),
    "prove.active-roles-are-covered": (
        "Every active role has a post in each eligible structure, or a note says that it has none",
        "Tiap peran aktif punya posisi di setiap struktur yang memenuhi syarat, atau ada catatan bahwa posisinya tidak ada",
    ),
    "prove.proved": ("proved", "terbukti"),
    "prove.refuted": ("REFUTED", "TERBANTAH"),
    "prove.unknown": ("unknown", "tidak diketahui"),
    "prove.parts": ("{done} of {all} parts", "{done} dari {all} bagian"),
    "prove.about": ("about {what}, {place}", "tentang {what}, {place}"),
    "prove.profile": ("for {name}: {stated}", "untuk {name}: {stated}"),
    "prove.like": ("for {name}: the same, but {stated}", "untuk {name}: sama, kecuali {stated}"),
    "prove.left_out": ("{field} left out", "{field} dikosongkan"),
    "prove.nothing": ("any profile", "profil apa pun"),
    "prove.timeout": ("not settled within the time; `--timeout` gives it more", "belum terjawab dalam waktunya; `--timeout` memberi waktu lebih"),
    "prove.timeout_tried": (
        "not settled within the time (`--timeout` gives it more); none of many unusual profiles that were tried refutes it",
        "belum terjawab dalam waktunya (`--timeout` memberi waktu lebih); dari banyak profil tak lazim yang dicoba, tidak ada yang membantahnya",
    ),
    "prove.vacuous": (
        "no profile meets its condition, so it says nothing",
        "tidak ada profil yang memenuhi syaratnya, jadi sifat ini tidak mengatakan apa pun",
    ),
    "prove.abstract": (
        "a profile was found on paper that the interpreter does not confirm, since these have no exact formula: {what}",
        "ditemukan profil di atas kertas yang tidak dibenarkan penafsir, karena yang berikut tidak punya rumus pasti: {what}",
    ),
    "prove.rounding": (
        "a profile was found with exact numbers that the interpreter, which rounds, does not confirm",
        "ditemukan profil dengan bilangan pasti yang tidak dibenarkan penafsir, yang membulatkan",
    ),
    "prove.inexpressible": ("cannot be put as a formula: {what}", "tidak dapat ditulis sebagai rumus: {what}"),
    "prove.abstracted": (
        "Stood for by functions of which only little is known (what is proved holds all the same): {what}.",
        "Diwakili fungsi yang hanya sedikit diketahui (yang terbukti tetap berlaku): {what}.",
    ),
    "prove.summary": (
        "{proved} proved, {refuted} refuted, {unknown} unknown in {seconds} s. Proofs are over exact numbers; every refutation was confirmed by the interpreter.",
        "{proved} terbukti, {refuted} terbantah, {unknown} tidak diketahui dalam {seconds} detik. Pembuktian memakai bilangan pasti; setiap bantahan sudah dibenarkan penafsir.",
    ),
    "prove.none": ("no property matches", "tidak ada sifat yang cocok"),
    "help.prove": (
        "Prove properties of a model for every possible profile, or show a profile that refutes them.",
        "Membuktikan sifat sebuah model untuk setiap profil yang mungkin, atau menunjukkan profil yang membantahnya.",
    ),
    "help.timeout": ("seconds that each property may take", "batas detik untuk tiap sifat"),
    "help.prove_strict": ("exit 1 also when a property is left unknown", "keluar dengan kode 1 juga bila ada sifat yang tidak diketahui"),
    "help.prove_only": ("only properties whose id or text holds this", "hanya sifat yang id atau teksnya memuat ini"),
}
