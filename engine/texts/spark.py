"""What is said about deciding on Spark, in English and Indonesian."""

from __future__ import annotations

TEXTS: dict[str, tuple[str, str]] = {
    "help.on": ("where the work is done: on Apache Spark, instead of here", "tempat pekerjaan dilakukan: di Apache Spark, bukan di sini"),
    "help.master": (
        "with --on spark: the Spark master, such as local[4] or spark://host:7077 (local[*], all processors of this machine, if not said)",
        "bersama --on spark: master Spark, misalnya local[4] atau spark://host:7077 (bila tidak disebut: local[*], semua prosesor mesin ini)",
    ),
    "hint.install_spark": (
        'install it with `pip install "susun[spark]"`; it also needs Java 17',
        'pasang dengan `pip install "susun[spark]"`; Java 17 juga diperlukan',
    ),
    "hint.install_java": (
        "install it (on Debian and Ubuntu: `apt install openjdk-17-jre-headless`), or set JAVA_HOME to the folder of the one you have",
        "pasang Java (di Debian dan Ubuntu: `apt install openjdk-17-jre-headless`), atau arahkan JAVA_HOME ke folder Java yang sudah ada",
    ),
    "hint.without_spark": ("leave it out, or leave out `--on spark`", "hapus opsi itu, atau hapus `--on spark`"),
    "hint.name_output": ("add `-o answers.parquet`", "tambahkan `-o jawaban.parquet`"),
    "hint.order_rows": (
        'name a column that has another value in every row: `order="..."`',
        'sebutkan kolom yang nilainya berbeda di setiap baris: `order="..."`',
    ),
    "hint.as_parquet": (
        "leave out `--on spark`, or turn the data into Parquet first",
        "hapus `--on spark`, atau ubah dahulu datanya menjadi Parquet",
    ),
    "hint.other_folder": (
        "name a folder that does not exist yet; Spark writes into a new one only",
        "sebutkan folder yang belum ada; Spark hanya menulis ke folder baru",
    ),
    "word.no_column": ("there is no such column", "kolom itu tidak ada"),
    "word.empty_value": ("it is empty in some row", "ada baris yang kosong"),
    "word.same_value": ("two rows have the same value", "ada dua baris bernilai sama"),
    "word.no_java": ("none was found", "Java tidak ditemukan"),
    "word.old_java": ("an older one was found", "yang ditemukan versi lebih lama"),
    "word.exists": ("it is there already", "sudah ada"),
    "word.unclear": ("it ended without a reason", "berhenti tanpa alasan"),
}
