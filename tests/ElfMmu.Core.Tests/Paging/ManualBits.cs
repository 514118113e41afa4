namespace ElfMmu.Tests.Paging;

/// <summary>Bit fields as the manuals write them: value&lt;high:low&gt;.</summary>
internal static class ManualBits
{
    /// <summary>The bits from high to low, of which there are fewer than 64.</summary>
    public static ulong Bits(ulong value, int high, int low) => (value >> low) & ((1UL << (high - low + 1)) - 1);

    /// <summary>One bit.</summary>
    public static bool Bit(ulong value, int bit) => ((value >> bit) & 1) != 0;

    /// <summary>Rights from three conditions.</summary>
    public static Rights Of(bool read, bool write, bool execute) =>
        (read ? Rights.Read : 0) | (write ? Rights.Write : 0) | (execute ? Rights.Execute : 0);
}
