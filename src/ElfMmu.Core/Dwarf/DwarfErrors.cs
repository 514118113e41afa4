namespace ElfMmu.Dwarf;

/// <summary>What the writer refuses.</summary>
internal static class DwarfErrors
{
    public static ElfMmuException Value(string what, string advice) =>
        new("DwarfValueInvalid", ErrorKind.InvalidArgument, $"{what}; {advice}.");

    public static ElfMmuException TooLarge(string what) => new(
        "DwarfTooLarge",
        ErrorKind.LimitsExceeded,
        $"{what}; write fewer things, or several files.");

    /// <summary>Checks an address against the width of the target's.</summary>
    public static ulong Address(DwarfTarget target, ulong address, string kind, string name) =>
        target.AddressSize == 8 || address <= uint.MaxValue
            ? address
            : throw Value(
                $"The address of {kind} '{name}' is 0x{address:x}, and the target's addresses have 32 bits",
                "take a 64-bit class or an address up to 0xffffffff");

    /// <summary>Checks that a range stays within the target's addresses; it may end with the last one.</summary>
    public static void Range(DwarfTarget target, ulong start, ulong size, string kind, string name)
    {
        Address(target, start, kind, name);
        ulong last = target.AddressSize == 8 ? ulong.MaxValue : uint.MaxValue;
        if (size > last - start)
        {
            throw Value(
                $"The {kind} '{name}' at 0x{start:x} has 0x{size:x} bytes, which is beyond the target's last address 0x{last:x}",
                "correct its address or size");
        }
    }
}
