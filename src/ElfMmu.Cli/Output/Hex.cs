using System.Globalization;

namespace ElfMmu.Cli.Output;

/// <summary>A number that is written in hexadecimal: an address, an offset in a file, a register, flags.</summary>
internal readonly record struct Hex(ulong Value)
{
    /// <summary>The same of what may not be known.</summary>
    public static Hex? Of(ulong? value) => value is { } known ? new Hex(known) : null;

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"0x{Value:x}");

    /// <summary>Filled up with zeros, so that several of them align.</summary>
    public string ToString(int digits) => "0x" + Value.ToString("x" + digits, CultureInfo.InvariantCulture);
}
