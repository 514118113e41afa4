using System.Globalization;

namespace ElfMmu.Cli.Output;

/// <summary>Sizes for people.</summary>
internal static class ByteSize
{
    private static readonly string[] Units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"];

    /// <summary>The size without any loss, in the largest unit that divides it: <c>4 KiB</c>, <c>1025 KiB</c>.</summary>
    public static string Exact(ulong size)
    {
        (ulong value, int unit) = Divide(size);
        return string.Create(CultureInfo.InvariantCulture, $"{value} {Units[unit]}");
    }

    /// <summary>The same into a row.</summary>
    public static void AddExact(ref Utf8Row row, ulong size)
    {
        (ulong value, int unit) = Divide(size);
        row.AddDecimal(value);
        row.Add((byte)' ');
        foreach (char letter in Units[unit])
        {
            row.Add((byte)letter);
        }
    }

    /// <summary>About the size, with one decimal place at most: <c>1.2 GiB</c>.</summary>
    public static string Rounded(ulong size)
    {
        int unit = 0;
        double value = size;
        while (value >= 1024 && unit < Units.Length - 1)
        {
            value /= 1024;
            unit++;
        }

        return string.Create(CultureInfo.InvariantCulture, $"{value:0.#} {Units[unit]}");
    }

    private static (ulong Value, int Unit) Divide(ulong size)
    {
        int unit = 0;
        while (size != 0 && size % 1024 == 0)
        {
            size /= 1024;
            unit++;
        }

        return (size, unit);
    }
}
