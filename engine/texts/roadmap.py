"""Sentences of `susun roadmap`, in English and Indonesian."""

from __future__ import annotations

TEXTS: dict[str, tuple[str, str]] = {
    "roadmap.grows": (
        "How the recommended team grows as this input goes from {low} to {high}: {input} (today: {today})",
        "Pertumbuhan tim yang disarankan bila isian ini naik dari {low} menjadi {high}: {input} (saat ini: {today})",
    ),
    "roadmap.grows_assumed": (
        "How the recommended team grows as this input goes from {low} to {high}: {input} (today: {today}, assumed)",
        "Pertumbuhan tim yang disarankan bila isian ini naik dari {low} menjadi {high}: {input} (saat ini: {today}, asumsi)",
    ),
    "roadmap.plan": ("A plan along a path of this input: {input}", "Rencana mengikuti perubahan isian ini: {input}"),
    "roadmap.from": ("From", "Mulai"),
    "roadmap.when": ("When", "Kapan"),
    "roadmap.now": ("now", "sekarang"),
    "roadmap.half_year": ("in 6 months", "6 bulan lagi"),
    "roadmap.year": ("in 12 months", "12 bulan lagi"),
    "roadmap.new": ("What is new", "Yang baru"),
    "roadmap.another": ("another team: {posts}", "tim lain: {posts}"),
    "roadmap.borrowed": ("lent", "diperbantukan"),
    "roadmap.volunteer": ("volunteers", "relawan"),
    "roadmap.vendor": ("outside", "pihak luar"),
    "roadmap.next": (
        "The next step up is at {at}: {team} with {people} people instead of {before}, for {cost} a month. New: {news}.",
        "Langkah naik berikutnya pada {at}: {team} dengan {people} orang, sebelumnya {before}, {cost} per bulan. Yang baru: {news}.",
    ),
    "roadmap.next_role": (
        "The next step up is at {at}: {team} with as many people ({people}), for {cost} a month. New: {news}.",
        "Langkah naik berikutnya pada {at}: {team} dengan jumlah orang yang sama ({people}), {cost} per bulan. Yang baru: {news}.",
    ),
    "roadmap.none": (
        "Nobody is added within this range: the team already has the people that its work calls for.",
        "Tidak ada penambahan orang dalam rentang ini: tim sudah memiliki orang sesuai bebannya.",
    ),
    "roadmap.not_proved": (
        "The stages shown were decided one by one; a very short stage between two of them cannot be excluded.",
        "Tiap tahap yang ditampilkan sudah dihitung; tahap yang sangat pendek di antaranya belum dapat dikesampingkan.",
    ),
    "roadmap.all": (
        "Each organisation's next hire: the smallest monthly budget, up to eight times today's, at which its team gains people or a role.",
        "Rekrutmen berikutnya tiap organisasi: anggaran bulanan terkecil, hingga delapan kali anggaran saat ini, yang menambah orang atau peran.",
    ),
    "roadmap.budget": ("Budget", "Anggaran"),
    "roadmap.next_from": ("Next hire from", "Rekrut mulai"),
    "roadmap.then": ("Then", "Menjadi"),
    "roadmap.then_team": ("{team}, {people} people", "{team}, {people} orang"),
    "roadmap.unlimited": ("no budget stated", "anggaran tidak diisi"),
    "roadmap.nothing_more": ("nothing to add", "tidak ada tambahan"),
    "help.roadmap": (
        "How the recommended team grows as one input grows: stages, who comes next, cost; without --org the next hire of every organisation.",
        "Pertumbuhan tim yang disarankan bila satu isian naik: tahap, siapa berikutnya, biaya; tanpa --org rekrutmen berikutnya tiap organisasi.",
    ),
    "help.roadmap_org": ("One organisation; without it, all of them.", "Satu organisasi; tanpa ini, semuanya."),
    "help.along": ("The input that grows; by default the budget.", "Isian yang naik; bawaannya anggaran."),
    "help.from_value": ("Where it begins; by default today's value.", "Nilai awal; bawaannya nilai saat ini."),
    "help.to_value": ("Where it ends.", "Nilai akhir."),
    "help.path": (
        "Values now, in 6 and in 12 months, between commas: shows the team at each.",
        "Nilai sekarang, 6, dan 12 bulan lagi, dipisah koma: menampilkan tim pada tiap titik.",
    ),
}
