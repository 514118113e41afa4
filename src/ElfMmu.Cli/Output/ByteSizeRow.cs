namespace ElfMmu.Cli.Output;

/// <summary>Sizes for people in rows of many.</summary>
internal static class ByteSizeRow
{
    /// <summary>Adds the size without any loss, as <see cref="ByteSize.Exact"/> writes it.</summary>
    public static void AddExact(ref Utf8Row row, ulong size)
    {
        (ulong value, string unit) = ByteSize.Divide(size);
        row.AddDecimal(value);
        row.Add((byte)' ');
        foreach (char letter in unit)
        {
            row.Add((byte)letter);
        }
    }
}
