"""Sentences about how firmly a recommendation holds, in English and Indonesian."""

from __future__ import annotations

TEXTS: dict[str, tuple[str, str]] = {
    "hint.robust_weight_change": (
        "write `robust_weight_change: 0.04` below `ranking:` in model.yaml, or the name of a parameter",
        "di bawah `ranking:` dalam model.yaml, tulis `robust_weight_change: 0.04`, atau nama sebuah parameter sebagai nilainya",
    ),
    "hint.samples": ("1,000 give shares that are right to about 1.5 points", "dengan 1.000 sampel, galat persentasenya sekitar 1,5 poin"),
    "hint.seed": ("any whole number from 0 on: the same seed, the same samples", "bilangan bulat mulai dari 0; benih yang sama menghasilkan sampel yang sama"),
    "hint.add_option": ("add `{option}`", "tambahkan `{option}`"),
    "hint.leave_out": ("leave out one of the two", "pakai salah satu saja"),
    "table.robustness": ("Holds", "Kekokohan"),
    "table.first_in": ("First in", "Unggul pada"),
    "robust.short_robust": ("robust", "kokoh"),
    "robust.short_fragile": ("fragile", "goyah"),
    "robust.short_tie": ("tie", "seri"),
    "robust.summary": (
        "How firmly the recommendations hold: {parts}. Robust: only a large change in the weights of the criteria would put another team first; "
        "fragile: a small one would; tie: two teams are practically level.",
        "Kekokohan saran: {parts}. Kokoh: tim lain baru unggul bila bobot kriteria banyak berubah; goyah: perubahan kecil sudah cukup; "
        "seri: dua tim praktis seimbang.",
    ),
    "robust.title": ("How firmly this holds", "Seberapa kokoh saran ini"),
    "robust.none": ("No structure is eligible, so there is no ranking to question.", "Tidak ada struktur yang memenuhi syarat, jadi tidak ada peringkat yang dapat diuji."),
    "robust.alone": (
        "Robust: {winner} has no rival (other structures are not eligible or over budget), so no change of weights matters.",
        "Kokoh: {winner} tidak punya pesaing (struktur lain tidak memenuhi syarat atau melebihi anggaran), jadi perubahan bobot tidak berpengaruh.",
    ),
    "robust.unbeatable": (
        "Robust: no weights at all would put another structure ahead of {winner}.",
        "Kokoh: berapa pun bobotnya, tidak ada struktur lain yang mengungguli {winner}.",
    ),
    "robust.unbeatable_tie": (
        "Tie: {winner} is first by so little that it hardly counts, though no weights at all would put another structure ahead of it.",
        "Seri: keunggulan {winner} terlalu tipis untuk berarti, meskipun bobot apa pun tidak akan membuat struktur lain mengunggulinya.",
    ),
    "robust.robust": (
        "Robust: {share} of the total weight would have to move between criteria before another structure, {challenger}, draws level with {winner}.",
        "Kokoh: struktur lain, yaitu {challenger}, baru menyamai {winner} bila {share} dari seluruh bobot berpindah antarkriteria.",
    ),
    "robust.fragile": (
        "Fragile: if just {share} of the total weight moves between criteria, {challenger} draws level with {winner}.",
        "Goyah: bila {share} saja dari seluruh bobot berpindah antarkriteria, {challenger} sudah menyamai {winner}.",
    ),
    "robust.tie": (
        "Tie: {winner} is first by so little that it hardly counts; if {share} of the total weight moves between criteria, {challenger} draws level.",
        "Seri: {winner} unggul terlalu tipis untuk diperhitungkan; bila {share} dari seluruh bobot berpindah antarkriteria, {challenger} sudah menyamainya.",
    ),
    "robust.level": (
        "Tie: {winner} and {challenger} score exactly the same; the order of their names decides.",
        "Seri: skor {winner} persis sama dengan skor {challenger}; urutannya hanya mengikuti nama.",
    ),
    "robust.number": (
        "In one number: the weights at that point are a distance of {change} from those now; this model calls a recommendation robust from {threshold} on.",
        "Dalam satu angka: bobot pada titik itu berjarak {change} dari bobot sekarang; model ini menyebut saran kokoh mulai dari jarak {threshold}.",
    ),
    "robust.challengers": ("What it would take for another structure to draw level", "Yang diperlukan agar struktur lain menyamainya"),
    "robust.challenger": (
        "{structure}: {share} of the weight would have to move (distance {change}).",
        "{structure}: {share} dari bobot harus berpindah (jarak {change}).",
    ),
    "robust.never": (
        "{structure}: impossible, {winner} is better on every criterion that counts.",
        "{structure}: tidak mungkin, karena {winner} lebih baik pada setiap kriteria yang diperhitungkan.",
    ),
    "robust.already": ("{structure}: it is level with {winner} already.", "{structure}: sudah seimbang dengan {winner}."),
    "robust.more": ("More weight for {criteria}.", "Bobot yang naik: {criteria}."),
    "robust.more_mainly": ("More weight mainly for {criteria}.", "Bobot yang terutama naik: {criteria}."),
    "robust.less_mainly": ("Less weight mainly for {criteria}.", "Bobot yang terutama turun: {criteria}."),
    "robust.less": ("Less weight for {criteria}.", "Bobot yang turun: {criteria}."),
    "robust.from_to": ("{criterion} (from {before} to {after})", "{criterion} (dari {before} menjadi {after})"),
    "robust.stability": (
        "How far one weight alone may move while {winner} stays first",
        "Sejauh mana satu bobot saja dapat berubah tanpa menggeser {winner} dari urutan pertama",
    ),
    "robust.stability_note": ("The other weights keep their proportions.", "Bobot lainnya menyesuaikan, dengan perbandingan yang tetap di antara mereka."),
    "robust.criterion": ("Criterion", "Kriteria"),
    "robust.weight_now": ("Weight now", "Bobot sekarang"),
    "robust.stays": ("Stays first", "Tetap unggul"),
    "robust.any": ("at any weight", "berapa pun bobotnya"),
    "robust.whole": ("it has all the weight", "memegang seluruh bobot"),
    "robust.between": ("from {low} to {high}", "dari {low} sampai {high}"),
    "robust.up_to": ("up to {high}", "sampai {high}"),
    "robust.down_to": ("from {low} up", "mulai dari {low}"),
    "robust.acceptability": ("How often each structure is first when the weights vary", "Seberapa sering tiap struktur unggul bila bobotnya diubah-ubah"),
    "robust.sampled": (
        "{samples} random sets of weights were tried that keep the order of importance of the criteria. First was:",
        "Sebanyak {samples} susunan bobot acak dicoba tanpa mengubah urutan kepentingan kriteria. Hasilnya:",
    ),
    "robust.often_all": ("{structure} in all of them", "{structure} selalu unggul"),
    "robust.often_none": ("{structure} in none of them", "{structure} tidak pernah unggul"),
    "robust.often": ("{structure} in {first} (give or take {error} points)", "{structure} unggul pada {first} di antaranya (kurang lebih {error} poin)"),
    "robust.favoured": (
        "; when it is, more weight than usual tends to fall on {criteria}",
        "; saat itu bobot yang cenderung lebih besar daripada biasanya: {criteria}",
    ),
    "robust.rather_than": ("{criterion} ({mean} rather than {usual})", "{criterion} ({mean}, biasanya {usual})"),
    "robust.dominated": ("Never the better choice, whatever the weights", "Tidak pernah menjadi pilihan yang lebih baik, berapa pun bobotnya"),
    "robust.dominated_by_many": (
        "{structure}: {others} are nowhere worse and somewhere better.",
        "{structure}: {others} tidak kalah pada kriteria mana pun dan unggul pada sebagian.",
    ),
    "robust.dominated_by": (
        "{structure}: {others} is nowhere worse and somewhere better.",
        "{structure}: {others} tidak kalah pada kriteria mana pun dan unggul pada sebagian.",
    ),
}  # fmt: skip
