using ElfMmu.Memory;

namespace ElfMmu.Cli.Output;

/// <summary>The words of a row, ready as bytes.</summary>
internal static class Utf8Names
{
    /// <summary>Three places with dashes, such as <c>r-x</c>.</summary>
    public static ReadOnlySpan<byte> Of(Rights rights) => "-----x-w--wxr--r-xrw-rwx"u8.Slice(((int)rights & 7) * 3, 3);

    /// <summary>The kind's name.</summary>
    public static ReadOnlySpan<byte> Of(RegionKind kind) => kind switch
    {
        RegionKind.Ram => "Ram"u8,
        RegionKind.Device => "Device"u8,
        _ => "Absent"u8,
    };
}
