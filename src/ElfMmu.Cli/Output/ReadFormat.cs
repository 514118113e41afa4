namespace ElfMmu.Cli.Output;

/// <summary>How memory that was read is written.</summary>
internal enum ReadFormat
{
    /// <summary>For people: bytes in hexadecimal, values by the line.</summary>
    Table,

    /// <summary>The bytes as they are.</summary>
    Raw,

    /// <summary>Comma-separated values.</summary>
    Csv,

    /// <summary>JSON.</summary>
    Json,
}
