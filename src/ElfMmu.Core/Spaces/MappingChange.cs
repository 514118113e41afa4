using ElfMmu.Paging;

namespace ElfMmu.Spaces;

/// <summary>A run of virtual addresses at which two sets of mappings differ in the same way, or are equal.</summary>
public sealed class MappingChange
{
    private readonly Mapping? _before;
    private readonly Mapping? _after;

    /// <summary>Makes an object of what stands on either side, where there is something: the same virtual addresses on both.</summary>
    internal MappingChange(MappingChangeKind change, in Mapping? before, in Mapping? after, SpaceIdentity? beforeSpace, SpaceIdentity? afterSpace)
    {
        Change = change;
        _before = before;
        _after = after;
        BeforeSpace = beforeSpace;
        AfterSpace = afterSpace;
    }

    /// <summary>The first virtual address.</summary>
    public ulong VirtualAddress => Either.VirtualAddress;

    /// <summary>
    /// The first virtual address behind the run. A run that reaches the top of the 64-bit address space has 0xffffffffffffffff here;
    /// <see cref="Size"/> is always exact.
    /// </summary>
    public ulong EndAddress => Either.LastAddress == ulong.MaxValue ? ulong.MaxValue : Either.LastAddress + 1;

    /// <summary>The length in bytes.</summary>
    public ulong Size => Either.Size;

    /// <summary>What the difference is.</summary>
    public MappingChangeKind Change { get; }

    /// <summary>
    /// As Compare-Object writes it: <c>&lt;=</c> for what only the first side has, <c>=&gt;</c> for what only the second one has,
    /// <c>==</c> for what is equal; and <c>&lt;&gt;</c> for what both have in different ways.
    /// </summary>
    public string SideIndicator => Change switch
    {
        MappingChangeKind.Equal => "==",
        MappingChangeKind.Added => "=>",
        MappingChangeKind.Removed => "<=",
        _ => "<>",
    };

    /// <summary>The physical address that <see cref="VirtualAddress"/> maps to on the first side; null where it isn't mapped.</summary>
    public ulong? BeforePhysicalAddress => _before?.PhysicalAddress;

    /// <summary>The physical address that <see cref="VirtualAddress"/> maps to on the second side; null where it isn't mapped.</summary>
    public ulong? AfterPhysicalAddress => _after?.PhysicalAddress;

    /// <summary>Effective rights in supervisor mode on the first side; null where it isn't mapped.</summary>
    public string? BeforeSupervisorRights => Supervisor(_before);

    /// <summary>Effective rights in supervisor mode on the second side; null where it isn't mapped.</summary>
    public string? AfterSupervisorRights => Supervisor(_after);

    /// <summary>Effective rights in user mode on the first side; null where it isn't mapped.</summary>
    public string? BeforeUserRights => User(_before);

    /// <summary>Effective rights in user mode on the second side; null where it isn't mapped.</summary>
    public string? AfterUserRights => User(_after);

    /// <summary>
    /// The size of the pages in bytes on the first side, of the smallest ones where they differ; null where it isn't mapped.
    /// </summary>
    public ulong? BeforePageSize => _before?.Attributes.PageSize;

    /// <summary>The same on the second side.</summary>
    public ulong? AfterPageSize => _after?.Attributes.PageSize;

    /// <summary>The space of the first side; null for one without mappings.</summary>
    public SpaceIdentity? BeforeSpace { get; }

    /// <summary>The space of the second side; null for one without mappings.</summary>
    public SpaceIdentity? AfterSpace { get; }

    /// <summary>
    /// The space where what stands at <see cref="VirtualAddress"/> now is to be had: the second side's, and of what was removed the first
    /// one's.
    /// </summary>
    public SpaceIdentity Space => (_after == null ? BeforeSpace : AfterSpace)!;

    /// <summary>The physical address in <see cref="Space"/>.</summary>
    public ulong PhysicalAddress => (_after ?? Either).PhysicalAddress;

    private Mapping Either => (_before ?? _after)!.Value;

    /// <inheritdoc/>
    public override string ToString() =>
        $"0x{VirtualAddress:x}-0x{Either.LastAddress:x} {Change}: {Side(_before)} -> {Side(_after)}";

    private static string? Supervisor(in Mapping? side) => side is { } mapping ? RightsFormat.Format(mapping.Attributes.Supervisor) : null;

    private static string? User(in Mapping? side) => side is { } mapping ? RightsFormat.Format(mapping.Attributes.User) : null;

    private static string Side(in Mapping? side) =>
        side is { } mapping ? $"0x{mapping.PhysicalAddress:x} {User(side)}/{Supervisor(side)}" : "nothing";
}
