"""Sentences about scoring methods and where they disagree, in English and Indonesian."""

from __future__ import annotations

TEXTS: dict[str, tuple[str, str]] = {
    "method.weighted-sum": ("Weighted sum", "Jumlah berbobot"),
    "method.spotis": ("SPOTIS", "SPOTIS"),
    "method.topsis": ("TOPSIS", "TOPSIS"),
    "method.vikor": ("VIKOR", "VIKOR"),
    "method.promethee-ii": ("PROMETHEE II", "PROMETHEE II"),
    "method.none": ("fixed scales", "skala tetap"),
    "method.max": ("shares of the largest", "bagian dari yang terbesar"),
    "method.sum": ("shares of the sum", "bagian dari jumlah"),
    "method.minmax": ("stretched to the range", "direntang ke kisaran"),
    "method.vector": ("vector lengths", "panjang vektor"),
    "method.usual": ("any difference", "selisih berapa pun"),
    "method.v-shape": ("in proportion", "sebanding"),
    "method.linear": ("with thresholds", "dengan ambang"),
    "method.gaussian": ("Gaussian", "Gauss"),
    "reason.method": ("Ranked by {method}.", "Peringkat menurut {method}."),
    "compare.values": ("how each criterion is met, 0 to 1", "pemenuhan tiap kriteria, 0 sampai 1"),
    "methods.title": ("By other methods", "Menurut metode lain"),
    "methods.method": ("Method", "Metode"),
    "methods.place_1": ("First", "Pertama"),
    "methods.place_2": ("Second", "Kedua"),
    "methods.agreement": ("Same order", "Urutan sama"),
    "methods.agreement_note": (
        "Same order: the share of pairs of structures that stand in the order of the recommendation.",
        "Urutan sama: bagian pasangan struktur yang urutannya seperti pada rekomendasi.",
    ),
    "methods.all": ("All {count} methods put {structure} first.", "Semua {count} metode menempatkan {structure} di urutan pertama."),
    "methods.both": ("Both methods put {structure} first.", "Kedua metode menempatkan {structure} di urutan pertama."),
    "methods.one": ("{method} puts {structure} first, too.", "{method} juga menempatkan {structure} di urutan pertama."),
    "methods.none": ("None of the {count} methods puts {structure} first.", "Tidak satu pun dari {count} metode menempatkan {structure} di urutan pertama."),
    "methods.some": ("{agree} of {count} methods put {structure} first.", "{agree} dari {count} metode menempatkan {structure} di urutan pertama."),
    "methods.other": ("{method} prefers {other}.", "{method} lebih memilih {other}."),
    "methods.more": (
        "{criterion}, where {other} is ahead of {winner} ({a} against {b}), counts for more here.",
        "{criterion}, yang membuat {other} mengungguli {winner} ({a} berbanding {b}), berpengaruh lebih besar di sini.",
    ),
    "methods.less": (
        "{criterion}, where {other} does not lead {winner} ({a} against {b}), counts for less here.",
        "{criterion}, yang tidak membuat {other} mengungguli {winner} ({a} berbanding {b}), berpengaruh lebih kecil di sini.",
    ),
    "methods.compromise": (
        "By {method} no single structure is clearly best: the compromise is between {structures}.",
        "Menurut {method} tidak ada satu struktur yang jelas terbaik: komprominya antara {structures}.",
    ),
    "methods.how.weighted-sum.none": (
        "It adds up what each criterion is worth on its fixed scale.",
        "Metode ini menjumlahkan nilai tiap kriteria pada skala tetapnya.",
    ),
    "methods.how.weighted-sum.max": (
        "It measures every criterion against the best of these structures.",
        "Metode ini mengukur setiap kriteria terhadap yang terbaik di antara struktur ini.",
    ),
    "methods.how.weighted-sum.sum": (
        "It measures every criterion against the sum over these structures, so that criteria which few of them meet weigh more.",
        "Metode ini mengukur setiap kriteria terhadap jumlah semua struktur ini, sehingga kriteria yang hanya dipenuhi sedikit struktur lebih berpengaruh.",
    ),
    "methods.how.weighted-sum.minmax": (
        "It stretches every criterion over the range found among these structures, so that small differences count like large ones.",
        "Metode ini merentangkan setiap kriteria pada kisaran struktur ini, sehingga selisih kecil dihitung seperti selisih besar.",
    ),
    "methods.how.spotis": ("It measures the distance to the ideal on fixed scales.", "Metode ini mengukur jarak ke keadaan ideal pada skala tetap."),
    "methods.how.topsis.vector": (
        "It looks at the distance to the best and to the worst that occurs, squared, so that large gaps and heavy criteria dominate.",
        "Metode ini melihat jarak ke nilai terbaik dan terburuk yang ada, dikuadratkan, sehingga selisih besar dan kriteria berbobot besar lebih menentukan.",
    ),
    "methods.how.topsis.minmax": (
        "It stretches every criterion over its range and then squares the distances to the best and to the worst.",
        "Metode ini merentangkan setiap kriteria pada kisarannya, lalu mengkuadratkan jarak ke nilai terbaik dan terburuk.",
    ),
    "methods.how.vikor": (
        "Besides the total it looks at the one criterion on which a structure is furthest from the best.",
        "Selain jumlah keseluruhan, metode ini melihat satu kriteria dengan jarak terjauh dari yang terbaik.",
    ),
    "methods.how.promethee-ii.usual": (
        "It counts who is ahead on each criterion, not by how much.",
        "Metode ini menghitung siapa yang unggul pada tiap kriteria, bukan seberapa besar selisihnya.",
    ),
    "methods.how.promethee-ii.v-shape": (
        "It compares structures in pairs; a difference counts in proportion until it is large enough.",
        "Metode ini membandingkan struktur berpasangan; selisih dihitung sebanding sampai cukup besar.",
    ),
    "methods.how.promethee-ii.linear": (
        "It compares structures in pairs; small differences do not count, large ones count fully.",
        "Metode ini membandingkan struktur berpasangan; selisih kecil diabaikan, selisih besar dihitung penuh.",
    ),
    "methods.how.promethee-ii.gaussian": (
        "It compares structures in pairs; a difference counts the more the larger it is, levelling off.",
        "Metode ini membandingkan struktur berpasangan; makin besar selisih makin berpengaruh, lalu mendatar.",
    ),
}
