"""Sentences of `susun whatif`, in English and Indonesian."""

from __future__ import annotations

TEXTS: dict[str, tuple[str, str]] = {
    "hint.contradiction": (
        "ask for something that can be true, such as `recommended = duo`",
        "mintalah sesuatu yang mungkin benar, misalnya `recommended = duo`",
    ),
    "hint.never_by_rules": (
        "`susun rules show NAME` has the conditions of a role or decision",
        "`susun rules show NAMA` memuat syarat sebuah peran atau keputusan",
    ),
    "whatif.wanted": ("Wanted: {want}", "Yang diinginkan: {want}"),
    "whatif.not_today": (
        "Not so today: {team} is recommended (score {score}, {people} people, {cost} a month).",
        "Saat ini belum: yang disarankan {team} (skor {score}, {people} orang, {cost} per bulan).",
    ),
    "whatif.holds_today": (
        "It holds today already: {team} is recommended (score {score}, {people} people, {cost} a month). Below is what would end it.",
        "Saat ini sudah terpenuhi: yang disarankan {team} (skor {score}, {people} orang, {cost} per bulan). Di bawah ini yang akan mengakhirinya.",
    ),
    "whatif.alone": ("The smallest change of one input", "Perubahan terkecil pada satu isian"),
    "whatif.alone_ends": ("The smallest change of one input that ends it", "Perubahan terkecil pada satu isian yang mengakhirinya"),
    "whatif.together": ("Two inputs together", "Dua isian sekaligus"),
    "whatif.together_ends": ("Two inputs together that end it", "Dua isian sekaligus yang mengakhirinya"),
    "whatif.input": ("Input", "Isian"),
    "whatif.today": ("Today", "Saat ini"),
    "whatif.needed": ("Needed", "Diperlukan"),
    "whatif.change": ("Change", "Perubahan"),
    "whatif.then": ("Then recommended", "Lalu disarankan"),
    "whatif.scenario": ("Scenario", "Skenario"),
    "whatif.holds": ("Wanted holds", "Terpenuhi"),
    "whatif.yes": ("yes", "ya"),
    "whatif.no": ("no", "tidak"),
    "whatif.assumed": ("{value} (assumed)", "{value} (asumsi)"),
    "whatif.stated": ("{value}, stated", "{value}, dinyatakan"),
    "whatif.not_stated": ("not stated", "tidak diisi"),
    "whatif.left_out": ("leave it empty", "dikosongkan"),
    "whatif.order": ("another order", "urutan lain"),
    "whatif.no_team": ("none is eligible", "tidak ada yang memenuhi syarat"),
    "whatif.undecided": ("cannot be decided", "tidak dapat diputuskan"),
    "whatif.from": ("(from {low})", "(mulai {low})"),
    "whatif.range": ("({low} to {high})", "({low} sampai {high})"),
    "whatif.none": (
        "No value within the allowed range does it alone: {names}.",
        "Tidak ada nilai dalam batas yang diperbolehkan yang cukup dengan sendirinya: {names}.",
    ),
    "whatif.nothing": ("No change of a single input makes it so.", "Tidak ada perubahan satu isian yang dapat mewujudkannya."),
    "whatif.nothing_ends": ("No change of a single input ends it.", "Tidak ada perubahan satu isian yang mengakhirinya."),
    "whatif.step": ("{input} from {today} to {needed}", "{input} dari {today} menjadi {needed}"),
    "whatif.step_clear": ("{input} left empty instead of {today}", "{input} dikosongkan (saat ini {today})"),
    "whatif.best": ("The smallest change: {steps}.", "Perubahan terkecil: {steps}."),
    "whatif.best_ends": ("It ends with the smallest change of {steps}.", "Perubahan terkecil yang mengakhirinya: {steps}."),
    "whatif.leads": ("Then {team} is recommended, for {cost} a month.", "Dengan itu yang disarankan {team}, {cost} per bulan."),
    "whatif.leads_same": ("{team} stays recommended, for {cost} a month.", "{team} tetap disarankan, {cost} per bulan."),
    "whatif.roles": ("Roles: {roles}.", "Peran: {roles}."),
    "whatif.roles_come": ("{roles} added", "{roles} bertambah"),
    "whatif.roles_go": ("{roles} dropped", "{roles} tidak lagi diperlukan"),
    "whatif.see": ("In full: `{command}`", "Selengkapnya: `{command}`"),
    "whatif.not_proved": (
        "The search was broken off before it could exclude every nearer value; those shown are right, but a nearer one may exist.",
        "Pencarian dihentikan sebelum semua nilai yang lebih dekat dapat disingkirkan; yang ditampilkan benar, tetapi mungkin ada yang lebih dekat.",
    ),
    "help.whatif": (
        "What would have to change, for one organisation, so that a condition holds: the smallest change of each input.",
        "Apa yang harus berubah, bagi satu organisasi, agar suatu syarat terpenuhi: perubahan terkecil tiap isian.",
    ),
    "help.want": (
        'What is wanted, as a condition: "recommended = two_teams", "role.care_manager.active", "cost_month < 50000000".',
        'Yang diinginkan, sebagai syarat: "recommended = two_teams", "role.care_manager.active", "cost_month < 50000000".',
    ),
    "help.vary": ("Change only this input; may be given several times.", "Ubah hanya isian ini; boleh diberikan beberapa kali."),
    "help.pairs": ("Also the smallest joint change of two inputs.", "Sertakan perubahan gabungan terkecil dari dua isian."),
    "help.scenario": (
        'A scenario beside today\'s: changes between commas, "units=12,goals=service;branding"; may be given several times.',
        'Skenario di samping keadaan saat ini: perubahan dipisah koma, "units=12,goals=service;branding"; boleh diberikan beberapa kali.',
    ),
}
