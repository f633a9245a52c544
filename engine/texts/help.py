"""Help of the commands and options, in English and Indonesian. SUSUN_LANG=id, or an Indonesian locale, chooses Indonesian."""

from __future__ import annotations

TEXTS: dict[str, tuple[str, str]] = {
    "help.susun": (
        "Which social media roles an organisation needs, how its team could be structured, ranked, and why.",
        "Peran media sosial yang diperlukan organisasi, pilihan struktur timnya, peringkatnya, dan alasannya.",
    ),
    "help.evaluate": ("Evaluate every organisation of a file.", "Menilai setiap organisasi dalam sebuah berkas."),
    "help.compare": ("Set the structures of one organisation side by side.", "Menyandingkan struktur untuk satu organisasi."),
    "help.explain": (
        "Say in full sentences why, why not, and what was assumed.",
        "Menjelaskan dalam kalimat lengkap: mengapa, mengapa tidak, dan apa yang diasumsikan.",
    ),
    "help.template": ("A CSV to fill in, with a filled example.", "CSV untuk diisi, lengkap dengan contoh isian."),
    "help.sample": ("Valid, varied, generated organisations.", "Organisasi buatan yang sah dan beragam."),
    "help.rules": (
        "Look at rule files, check, test, compare and prove them, copy them.",
        "Melihat, memeriksa, menguji, membandingkan, membuktikan, dan menyalin berkas aturan.",
    ),
    "help.check": ("Everything that is wrong with a model, in one run.", "Semua kesalahan sebuah model dalam sekali jalan."),
    "help.check_format": (
        "text for people; github for annotations in GitHub Actions",
        "text untuk dibaca; github untuk anotasi di GitHub Actions",
    ),
    "help.coverage": (
        "Which rules, table rows and comparisons the examples reach, or the organisations of a file.",
        "Aturan, baris tabel, dan perbandingan mana yang dicapai contoh, atau organisasi dalam sebuah berkas.",
    ),
    "help.coverage_orgs": ("organisations to measure over, instead of the model's examples", "organisasi untuk mengukur, sebagai ganti contoh milik model"),
    "help.fail_under": (
        "exit 1 when fewer of the possible outcomes of comparisons are reached",
        "keluar dengan kode 1 bila hasil perbandingan yang tercapai kurang dari ini",
    ),
    "help.coverage_html": ("also write a page with every condition", "tulis juga halaman berisi setiap syarat"),
    "help.suggest": (
        "write examples for the outcomes that nothing reaches to a file, or - for standard output",
        "tulis contoh untuk hasil yang belum tercapai ke berkas, atau - untuk keluaran standar",
    ),
    "help.diff": (
        "What changed between two models, what that does to organisations, and which change is responsible.",
        "Yang berubah antara dua model, akibatnya bagi organisasi, dan perubahan mana penyebabnya.",
    ),
    "help.diff_old": (
        "the model before: a folder, a shipped model, or a git revision such as HEAD~1",
        "model lama: folder, model bawaan, atau revisi git seperti HEAD~1",
    ),
    "help.diff_new": ("the model after: a folder or a shipped model", "model baru: folder atau model bawaan"),
    "help.diff_orgs": ("organisations on which to compare them", "organisasi untuk membandingkan keduanya"),
    "help.diff_output": (
        "write every changed organisation to a file by its extension (csv, parquet, jsonl, xlsx), or - for CSV on standard output",
        "tulis setiap organisasi yang berubah ke berkas menurut ekstensinya (csv, parquet, jsonl, xlsx), atau - untuk CSV ke keluaran standar",
    ),
    "help.show": (
        "A model, or one of its definitions as a page.",
        "Sebuah model, atau salah satu definisinya sebagai halaman.",
    ),
    "help.new": ("A copy of a shipped model to change.", "Salinan model bawaan untuk diubah."),
    "help.code": ("The longer text of a diagnostic's code.", "Penjelasan panjang dari kode diagnosis."),
    "help.orgs": (
        "file of organisations: CSV, XLSX, Parquet, Arrow, JSON, JSON lines, also packed with gzip or zstd; - is standard input",
        "berkas organisasi: CSV, XLSX, Parquet, Arrow, JSON, JSON lines, boleh dimampatkan dengan gzip atau zstd; - berarti masukan standar",
    ),
    "help.output": (
        "write to a file by its extension (csv, jsonl, parquet, arrow, xlsx; csv.gz, jsonl.zst, ...), or - for CSV on standard output",
        "tulis ke berkas menurut ekstensinya (csv, jsonl, parquet, arrow, xlsx; csv.gz, jsonl.zst, ...), atau - untuk CSV ke keluaran standar",
    ),
    "help.to": ("the format of standard output, with -o -", "format keluaran standar, bersama -o -"),
    "help.jobs": (
        "decide on so many processors; 1 is this process alone (default: all there are)",
        "putuskan dengan sekian prosesor; 1 berarti hanya proses ini (bawaan: semua yang ada)",
    ),
    "help.rules_option": ("folder of rule files, or the name of a shipped model", "folder berkas aturan, atau nama model bawaan"),
    "help.param": ("change one parameter for this run; may be repeated", "ubah satu parameter untuk sekali jalan; boleh diulang"),
    "help.locale": (
        "how numbers are written in the file: en for 1,250.5, id for 1.250,5; found out where the file settles it",
        "cara penulisan angka dalam berkas: en untuk 1,250.5, id untuk 1.250,5; dikenali sendiri bila isi berkas memastikannya",
    ),
    "help.mapping": ("a mapping file that turns other columns into profiles", "berkas pemetaan yang mengubah kolom lain menjadi profil"),
    "help.top": ("how many structures to name for each organisation", "berapa struktur yang disebut untuk tiap organisasi"),
    "help.format": (
        "wide: a row per organisation; long: a row per organisation and structure",
        "wide: satu baris per organisasi; long: satu baris per organisasi dan struktur",
    ),
    "help.keep": ("columns of the input to carry over, separated by commas", "kolom masukan yang ikut ditulis, dipisahkan koma"),
    "help.group_by": ("totals per value of a column instead of rows", "jumlah per nilai sebuah kolom, bukan per baris"),
    "help.engine": ("which executor decides", "pelaksana yang memutuskan"),
    "help.cross_check": ("decide by every executor and compare cell by cell", "putuskan dengan semua pelaksana dan bandingkan tiap sel"),
    "help.robustness": (
        "also say how firmly each recommendation holds when the weights of the criteria change",
        "tunjukkan juga kekokohan setiap saran bila bobot kriteria berubah",
    ),
    "help.samples": ("how many random sets of weights --robustness tries [default: 1000]", "berapa susunan bobot acak yang dicoba --robustness [bawaan: 1000]"),
    "help.sampling_seed": ("seed of those sets: same seed, same numbers [default: 0]", "benih susunan itu: benih sama, angka sama [bawaan: 0]"),
    "help.lang": ("language of texts", "bahasa teks"),
    "help.rejects": (
        "write rejected rows with line, column, value, reason and hint",
        "tulis baris yang ditolak dengan nomor baris, kolom, nilai, alasan, dan saran",
    ),
    "help.strict": ("exit 1 when a row is rejected", "keluar dengan kode 1 bila ada baris yang ditolak"),
    "help.json": ("for programs", "untuk program"),
    "help.org": ("id of the organisation", "kode organisasi"),
    "help.structures": ("only these, separated by commas", "hanya ini, dipisahkan koma"),
    "help.role": ("only this role", "hanya peran ini"),
    "help.structure": ("only this structure, against the recommended one", "hanya struktur ini, dibandingkan dengan yang disarankan"),
    "help.method": (
        "rank by another method: weighted-sum, spotis, topsis, vikor, promethee-ii; options follow a colon, as in topsis:normalization=minmax",
        "susun peringkat dengan metode lain: weighted-sum, spotis, topsis, vikor, promethee-ii; opsi ditulis setelah titik dua, misalnya topsis:normalization=minmax",
    ),
    "help.methods": (
        "show where other methods disagree, and why: `all`, or some separated by commas",
        "tunjukkan di mana hasil metode lain berbeda, dan mengapa: `all`, atau beberapa metode dipisahkan koma",
    ),
    "help.set": (
        "change one input for this run; FIELD:=EXPRESSION works the value out; may be repeated",
        "ubah satu masukan untuk sekali jalan; FIELD:=EKSPRESI menghitung nilainya; boleh diulang",
    ),
    "help.rows": ("how many rows", "berapa baris"),
    "help.seed": ("same seed, same rows", "benih sama, baris sama"),
    "help.describe": ("say what each field means instead", "jelaskan arti tiap isian"),
    "help.extends": ("only a small folder that extends the model", "hanya folder kecil yang menambah model"),
    "help.from": ("which shipped model", "model bawaan yang mana"),
    "help.folder": ("the new folder", "folder baru"),
    "help.model": ("folder of rule files; the shipped model when left out", "folder berkas aturan; model bawaan bila dikosongkan"),
    "help.name": ("id of what to show; the whole model when left out", "id yang ditampilkan; seluruh model bila dikosongkan"),
    "help.help": ("show this text", "tampilkan teks ini"),
    "help.code_name": ("as it stands before the message: R401", "seperti tertulis di depan pesan: R401"),
    "help.version": ("the program's version", "versi program"),
}
