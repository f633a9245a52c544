"""Sentences of changed inputs and scenarios, in English and Indonesian."""

from __future__ import annotations

TEXTS: dict[str, tuple[str, str]] = {
    "hint.round": ("round it: `round half up({text}, 0)`", "bulatkan: `round half up({text}, 0)`"),
    "word.scenario_list": ("a list of scenarios, at least one", "daftar skenario, sedikitnya satu"),
    "help.scenario": (
        "a file of scenarios, named sets of changed inputs and parameters, whose answers stand beside the unchanged ones",
        "berkas skenario: kumpulan perubahan masukan dan parameter, masing-masing bernama, yang jawabannya disandingkan dengan jawaban tanpa perubahan",
    ),
    "scenarios.moved": (
        "With {changes}, the recommended team is another one for {count} of {all} organisations.",
        "Dengan {changes}, tim yang disarankan berbeda untuk {count} dari {all} organisasi.",
    ),
    "scenarios.scenario": ("Scenario", "Skenario"),
    "scenarios.changed": ("Other team", "Ganti tim"),
    "scenarios.cost": ("Cost a month", "Biaya/bulan"),
    "scenarios.base": ("As it is", "Tanpa perubahan"),
    "scenarios.both": (
        "Where the numbers of decided organisations differ, +/- counts only those decided both ways.",
        "Bila jumlah organisasi yang diputuskan berbeda, +/- hanya menghitung organisasi yang diputuskan dengan maupun tanpa skenario.",
    ),
    "scenarios.rejected": ("Rejected under a scenario only", "Hanya ditolak dalam skenario"),
}
