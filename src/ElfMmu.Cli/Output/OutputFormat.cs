namespace ElfMmu.Cli.Output;

/// <summary>How results are written.</summary>
internal enum OutputFormat
{
    /// <summary>Aligned text for people.</summary>
    Table,

    /// <summary>Comma-separated values (RFC 4180, with line feeds).</summary>
    Csv,

    /// <summary>JSON: addresses as text in hexadecimal, because many readers keep only 53 bits of a number.</summary>
    Json,
}
