using System.Buffers;
using System.Reflection;
using System.Text;
using System.Text.Json;
using ElfMmu.Dumps;
using ElfMmu.Elf;
using ElfMmu.Intervals;
using ElfMmu.Paging;
using ElfMmu.Spaces;
using ElfMmu.Windows;

namespace ElfMmu.Export;

/// <summary>
/// The notes of a core: registers of the processors whose root it is (NT_PRSTATUS), the kernel's VMCOREINFO as it was in the
/// dump, and where all of it came from (name <c>ElfMmu</c>, type 0x4d4d55, JSON).
/// </summary>
internal static class CoreNotes
{
    private static readonly string[] ProgramCounters = ["rip", "eip", "pc", "nip", "epc"];

    /// <summary>Builds the notes.</summary>
    /// <param name="dump">The dump.</param>
    /// <param name="space">The address space.</param>
    /// <param name="segments">What was chosen of it.</param>
    /// <param name="options">How it is exported.</param>
    /// <param name="target">Class, byte order and machine of the core.</param>
    /// <param name="cpus">The processors whose registers went in.</param>
    public static byte[] Build(
        MemoryDump dump, SpaceIdentity space, CoreSegments segments, ExportOptions options, in CoreTarget target, out List<int> cpus)
    {
        var notes = new ElfNoteBuilder(target.Data);
        cpus = [];
        foreach (Cpu cpu in WindowsProcessors.Of(dump))
        {
            if (IsInSpace(cpu, space, dump.Machine)
                && PrStatus(cpu, dump.Machine.ByteOrder, target) is { } description)
            {
                notes.Add(CoreNoteLayouts.Name, CoreNoteLayouts.PrStatus, description);
                cpus.Add(cpu.Index);
            }
        }

        if (!dump.VmcoreInfo.IsEmpty)
        {
            notes.Add("VMCOREINFO", 0, dump.VmcoreInfo.Span);
        }

        notes.Add(ProvenanceNote.Name, ProvenanceNote.Type, Provenance(space, segments.Filter, options));
        return notes.ToArray();
    }

    /// <summary>
    /// Whether a processor's root is the space's. Dumps of some architectures hold registers but no root; it may be then. A
    /// guest's registers are in its hypervisor's memory, not in the dump's notes.
    /// </summary>
    private static bool IsInSpace(Cpu cpu, SpaceIdentity space, Machine machine)
    {
        if (space.NestedMode != null)
        {
            return false;
        }

        if (space.Mode.RootRegister.In(cpu.Registers) is not { } register)
        {
            return true;
        }

        var options = new PagingOptions
        {
            PhysicalAddressBits = machine.PhysicalAddressBits,
            IgnoredAddressBits = machine.EncryptionMask,
            Registers = cpu.Registers,
        };
        try
        {
            return space.Mode.DecodeRegister(register, options) == space.Root;
        }
        catch (ElfMmuException e) when (e.ErrorId is "ModeConflict" or "ControlInvalid")
        {
            // A processor that is in another mode isn't in this space.
            return false;
        }
    }

    /// <summary>The dump's own descriptor where it has the target's layout and byte order, else one made of the registers.</summary>
    internal static byte[]? PrStatus(Cpu cpu, ByteOrder order, in CoreTarget target)
    {
        if (order == (target.Data == ElfData.BigEndian ? ByteOrder.Big : ByteOrder.Little)
            && CoreNoteLayouts.IsStandardPrStatus(target.Machine, target.Class, cpu.PrStatus.Length))
        {
            return cpu.PrStatus.ToArray();
        }

        return ProgramCounters.Any(name => cpu[name] != null)
            ? CoreNoteLayouts.EncodePrStatus(target.Machine, target.Class, target.Data, cpu.Registers, (uint)cpu.Index + 1)
            : null;
    }

    private static byte[] Provenance(SpaceIdentity space, MappingFilter filter, ExportOptions options)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("tool", "ElfMmu");
            json.WriteString("version", typeof(CoreNotes).Assembly
                .GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion);
            json.WriteString("source", Path.GetFileName(space.Dump.Path));
            json.WriteNumber("length", space.Dump.Length);
            json.WriteString("root", $"0x{space.Root:x}");
            if (space.Root1 is { } root1)
            {
                json.WriteString("root1", $"0x{root1:x}");
            }

            json.WriteString("mode", space.Mode.Name);
            if (space.NestedMode != null)
            {
                json.WriteString("nestedRoot", $"0x{space.NestedRoot:x}");
                json.WriteString("nestedMode", space.NestedMode.Name);
            }

            json.WriteStartObject("filters");
            json.WriteString("privilege", filter.Privilege.ToString());
            if (filter.RightsText.Length > 0)
            {
                json.WriteString("rights", filter.RightsText);
            }

            if (options.Walk is { MinimumAddress: > 0 and var minimum })
            {
                json.WriteString("minimumAddress", $"0x{minimum:x}");
            }

            if (options.Walk is { MaximumAddress: < ulong.MaxValue and var maximum })
            {
                json.WriteString("maximumAddress", $"0x{maximum:x}");
            }

            if (options.Ranges is { } ranges)
            {
                json.WriteStartArray("ranges");
                foreach (Interval range in ranges)
                {
                    json.WriteStringValue(IntervalText.Format(range));
                }

                json.WriteEndArray();
            }

            json.WriteEndObject();
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }
}
