using System.Globalization;

namespace ElfMmu;

/// <summary>Sizes for people.</summary>
public static class ByteSize
{
    private static readonly string[] Units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"];

    /// <summary>The size without any loss, in the largest unit that divides it: <c>4 KiB</c>, <c>1025 KiB</c>.</summary>
    public static string Exact(ulong size)
    {
        (ulong value, string unit) = Divide(size);
        return string.Create(CultureInfo.InvariantCulture, $"{value} {unit}");
    }

    /// <summary>About the size, with one decimal place at most: <c>1.2 GiB</c>.</summary>
    public static string Rounded(UInt128 size)
    {
        int unit = 0;
        double value = (double)size;
        while (value >= 1024 && unit < Units.Length - 1)
        {
            value /= 1024;
            unit++;
        }

        return string.Create(CultureInfo.InvariantCulture, $"{value:0.#} {Units[unit]}");
    }

    /// <summary>The parts of <see cref="Exact"/>.</summary>
    public static (ulong Value, string Unit) Divide(ulong size)
    {
        int unit = 0;
        while (size != 0 && size % 1024 == 0)
        {
            size /= 1024;
            unit++;
        }

        return (size, Units[unit]);
    }
}
