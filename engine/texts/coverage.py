"""What `susun rules coverage` says, in English and Indonesian."""

from __future__ import annotations

TEXTS: dict[str, tuple[str, str]] = {
    "coverage.title": ("Coverage of {name} {version} by {count} profiles", "Cakupan {name} {version} oleh {count} profil"),
    "coverage.total_rules": (
        "rules: {fired} of {count} fired, {silent} of {count} also did not",
        "aturan: {fired} dari {count} berlaku, {silent} dari {count} pernah tidak berlaku",
    ),
    "coverage.total_rows": ("table rows: {matched} of {count} matched", "baris tabel: {matched} dari {count} cocok"),
    "coverage.total_comparisons": (
        "comparisons: {met} of {count} outcomes decided a condition ({share}); proved impossible and left out: {impossible}",
        "perbandingan: {met} dari {count} hasil menentukan suatu syarat ({share}); terbukti mustahil dan tidak dihitung: {impossible}",
    ),
    "coverage.never_fired": ("Rules that never fired", "Aturan yang tidak pernah berlaku"),
    "coverage.always_fired": ("Rules that always fired", "Aturan yang selalu berlaku"),
    "coverage.never_matched": ("Rows that never matched", "Baris yang tidak pernah cocok"),
    "coverage.row": ("{table}, row {row}", "{table}, baris {row}"),
    "coverage.open": ("Comparisons that never decided", "Perbandingan yang tidak pernah menentukan"),
    "coverage.never_true": ("{id}: `{text}` was never true with effect", "{id}: `{text}` tidak pernah benar dengan pengaruh"),
    "coverage.never_false": ("{id}: `{text}` was never untrue with effect", "{id}: `{text}` tidak pernah tidak benar dengan pengaruh"),
    "coverage.more": ("... and {count} more; --html FILE shows all of them.", "... dan {count} lagi; --html FILE menampilkan semuanya."),
    "coverage.below": ("{share} is less than the {wanted} asked for.", "{share} kurang dari {wanted} yang diminta."),
    "coverage.none": (
        "The model lists no examples; name a file of organisations to measure over.",
        "Model ini belum memuat contoh; sebutkan berkas organisasi untuk mengukurnya.",
    ),
    "coverage.suggested": (
        "Examples for comparisons that nothing tried yet. Read each before you keep it: is that what should happen?",
        "Contoh untuk perbandingan yang belum pernah dicoba. Baca dulu sebelum disimpan: memang begitukah seharusnya?",
    ),
    "coverage.holds": ("is true with effect", "benar dengan pengaruh"),
    "coverage.fails": ("is not true with effect", "tidak benar dengan pengaruh"),
    "coverage.wrote": (
        "{count} examples written to {file}; they meet {met} of {open} open outcomes.",
        "{count} contoh ditulis ke {file}; memenuhi {met} dari {open} hasil yang masih terbuka.",
    ),
    "coverage.nothing_open": (
        "Nothing is open: every possible outcome has a profile.",
        "Tidak ada yang terbuka: setiap hasil yang mungkin sudah punya profil.",
    ),
    "coverage.comparisons": ("Comparisons", "Perbandingan"),
    "coverage.comparison": ("Comparison", "Perbandingan"),
    "coverage.held": ("True with effect", "Benar dengan pengaruh"),
    "coverage.failed": ("Not true with effect", "Tidak benar dengan pengaruh"),
    "coverage.rules": ("Rules", "Aturan"),
    "coverage.fired": ("Fired", "Berlaku"),
    "coverage.silent": ("Did not", "Tidak"),
    "coverage.rows": ("Table rows", "Baris tabel"),
    "coverage.zero": ("never", "belum pernah"),
    "coverage.impossible": ("impossible", "mustahil"),
}
