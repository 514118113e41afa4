namespace ElfMmu.Dwarf;

/// <summary>What a word of C text is.</summary>
internal enum CTokenKind
{
    /// <summary>A name or keyword.</summary>
    Word,

    /// <summary>A number or character.</summary>
    Number,

    /// <summary>Text in quotes.</summary>
    Text,

    /// <summary>Punctuation.</summary>
    Sign,

    /// <summary>A #pragma line: its words.</summary>
    Pragma,

    /// <summary>A #define line: the name; what it stands for follows up to the line's end.</summary>
    Define,

    /// <summary>The end of a #define line.</summary>
    LineEnd,

    /// <summary>The end.</summary>
    End,
}

/// <summary>A word of C text.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Text">Its characters.</param>
/// <param name="Position">Where it stands, from 0.</param>
internal readonly record struct CToken(CTokenKind Kind, string Text, int Position)
{
    public bool Is(string text) => Kind is CTokenKind.Word or CTokenKind.Sign && Text == text;

    public override string ToString() => Kind switch
    {
        CTokenKind.End => "the end",
        CTokenKind.LineEnd => "the end of the line",
        CTokenKind.Pragma => "#pragma",
        CTokenKind.Define => "#define",
        _ => $"'{Text}'",
    };
}
