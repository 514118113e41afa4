using System.Globalization;

namespace ElfMmu.Cli.Output;

/// <summary>A number that is written in hexadecimal: an address, a register, flags.</summary>
internal readonly record struct Hex(ulong Value)
{
    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"0x{Value:x}");

    /// <summary>Filled up with zeros, so that several of them align.</summary>
    public string ToString(int digits) => "0x" + Value.ToString("x" + digits, CultureInfo.InvariantCulture);
}
