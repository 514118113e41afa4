namespace ElfMmu.Cli.Output;

/// <summary>
/// How much of the addresses something takes, in bytes: hexadecimal in CSV, as the addresses are that it is added to, and a number in JSON.
/// </summary>
internal readonly record struct Size(ulong Value)
{
    /// <summary>The same of what may not be known.</summary>
    public static Size? Of(ulong? value) => value is { } known ? new Size(known) : null;

    /// <inheritdoc/>
    public override string ToString() => new Hex(Value).ToString();
}
