using System.Globalization;

namespace ElfMmu.Reading;

/// <summary>A range of addresses at which there are no bytes, for one reason.</summary>
/// <param name="Address">The first address, virtual or physical as the reader's are.</param>
/// <param name="Size">How many bytes, from 1.</param>
/// <param name="Reason">Why.</param>
/// <param name="PhysicalAddress">What the first address leads to; null where it leads nowhere.</param>
public readonly record struct AbsentRange(ulong Address, ulong Size, AbsenceReason Reason, ulong? PhysicalAddress)
{
    /// <summary>The last address.</summary>
    public ulong Last => Address + (Size - 1);

    /// <summary>The reason in words.</summary>
    public string Why => Reason switch
    {
        AbsenceReason.NotTranslated => "the mode doesn't translate it",
        AbsenceReason.NotMapped => "it isn't mapped",
        AbsenceReason.Reserved => "it isn't mapped, because an entry has reserved bits set",
        AbsenceReason.TableAbsent => "a page table on its way isn't in the dump",
        AbsenceReason.NotInFile => "the file doesn't hold it",
        AbsenceReason.Damaged => At("the dump is damaged where it holds that memory", PhysicalAddress),
        AbsenceReason.Device => At("there is a device", PhysicalAddress),
        _ => At("the dump doesn't hold that memory", PhysicalAddress),
    };

    /// <summary>Whether another range goes on where this one ends, for the same reason.</summary>
    internal bool IsFollowedBy(in AbsentRange next) => Size > 0 && Address + Size == next.Address && Reason == next.Reason
        && (next.PhysicalAddress == null || next.PhysicalAddress == PhysicalAddress + Size);

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"0x{Address:x}-0x{Last:x}: {Why}");

    private string At(string what, ulong? physical) => physical is { } address && address != Address
        ? string.Create(CultureInfo.InvariantCulture, $"{what}, at physical 0x{address:x}")
        : what;
}
