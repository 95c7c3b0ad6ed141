"""The values that flow from `define` to `finish`: frozen, comparable, with tuples inside."""

from packager.model.outcomes import Finding, Outcome, Remark, Severity
from packager.model.renditions import (
    AllRenditions,
    Encoded,
    EncodingRequest,
    MissingRendition,
    Rendition,
    RenditionOrGap,
    Renditions,
    RenditionSpec,
    RoleRenditions,
)
from packager.model.sources import Half, Header, Missing, Picture, Source
from packager.model.terms import Direction, Edition, Flow, LinkStyle, NameStyle, Role, Spreads, Wording
from packager.model.text import (
    Block,
    Break,
    Cell,
    Code,
    Figure,
    Footnote,
    FootnoteMark,
    Heading,
    Inline,
    Link,
    ListBlock,
    Mark,
    Marked,
    Paragraph,
    Preformatted,
    Quote,
    Ruby,
    Span,
    Table,
    Text,
    ThematicRule,
)
from packager.model.tree import Cbz, Copy, Document, Entry
from packager.model.works import About, Article, Chapter, Comic, Library, Publication, Transcript, Version, VersionKey
