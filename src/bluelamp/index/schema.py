"""The text index's fields: one document for each object and access, found by words, names and identifiers."""

from pathlib import Path

import tantivy

#: words of everything searchable: lower case, without accents, at most 80 characters each
WORDS = "words"

#: sample `n` of the objects holds one in 2**n of them; the numbers of objects are evenly spread
SAMPLES = 14


def schema() -> tantivy.Schema:
    """The fields of a document, newly declared."""
    builder = tantivy.SchemaBuilder()
    builder.add_unsigned_field("object", indexed=True, fast=True)
    builder.add_unsigned_field("access", indexed=True, fast=True)
    builder.add_unsigned_field("type", indexed=True, fast=True)
    # newest day first, then by object: one number, so that any two builds list equals in the same order
    builder.add_unsigned_field("rank", fast=True)
    builder.add_unsigned_field("sample", indexed=True)
    # ranges are answered from the fast fields, so the days need no postings
    builder.add_integer_field("day_from", fast=True)
    builder.add_integer_field("day_to", fast=True)
    for name in ("name", "sound", "ident", "ident_reversed"):
        builder.add_text_field(name, tokenizer_name="whitespace", index_option="basic")
    builder.add_text_field("text", tokenizer_name=WORDS, index_option="position")
    return builder.build()


def words() -> tantivy.TextAnalyzer:
    """What splits text into words, at build time and in a question alike."""
    steps = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
    for step in (tantivy.Filter.remove_long(80), tantivy.Filter.lowercase(), tantivy.Filter.ascii_fold()):
        steps = steps.filter(step)
    return steps.build()


def create(folder: Path) -> tantivy.Index:
    """A new, empty text index in `folder`, which must exist."""
    made = tantivy.Index(schema(), path=str(folder))
    made.register_tokenizer(WORDS, words())
    return made


def load(folder: Path) -> tantivy.Index:
    """The text index in `folder`."""
    opened = tantivy.Index.open(str(folder))
    opened.register_tokenizer(WORDS, words())
    return opened
