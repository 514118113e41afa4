using System.Buffers.Binary;

namespace ElfMmu.Dumps;

/// <summary>
/// The registers of a VMware machine's processors, in the group <c>cpu</c> of its state: as blocks (<c>gpregs</c>, <c>CR64</c>, <c>IDTR</c>) or one
/// by one, by names of VMware's that become ours.
/// </summary>
/// <remarks>The names and layouts are those that crash's vmware_vmss.c, Volatility and LeechCore know.</remarks>
internal static class VmwareCpus
{
    // More than any VMware machine can have.
    private const uint MostCpus = 4096;

    private static readonly string[] GeneralRegisters =
        ["rax", "rcx", "rdx", "rbx", "rbp", "rsp", "rsi", "rdi", "r8", "r9", "r10", "r11", "r12", "r13", "r14", "r15"];

    private static readonly string[] Segments = ["es", "cs", "ss", "ds", "fs", "gs", "ldt", "tr"];

    // What has one index, the processor's number. A 32-bit name counts where the 64-bit one isn't there.
    private static readonly Dictionary<string, string> Single = new(StringComparer.Ordinal)
    {
        ["rip"] = "rip",
        ["eip"] = "rip",
        ["EIP"] = "rip",
        ["eflags"] = "eflags",
        ["EFLAGS"] = "eflags",
        ["efer"] = "efer",
        ["EFER"] = "efer",
        ["hv:ttbrEL1[0]"] = "ttbr0_el1",
        ["hv:ttbrEL1[1]"] = "ttbr1_el1",
    };

    /// <summary>Reads the processors. O(values of the group).</summary>
    public static IReadOnlyList<Cpu> Read(VmwareState state)
    {
        var cpus = new SortedDictionary<uint, Dictionary<string, ulong>>();
        uint? count = null;
        foreach (VmwareTag tag in state.Tags("cpu"))
        {
            if (tag.Name == "cpu:numVCPUs")
            {
                count ??= (uint?)state.Number(tag);
            }
            else if (tag.IndexCount > 0 && tag.First < MostCpus)
            {
                Add(state, tag, cpus);
            }
        }

        // A state may have room for more processors than the machine has.
        return [.. cpus.Where(c => count is null or 0 || c.Key < count).Select(c => new Cpu((int)c.Key, c.Value))];
    }

    private static void Add(VmwareState state, in VmwareTag tag, SortedDictionary<uint, Dictionary<string, ulong>> cpus)
    {
        uint cpu = tag.First;
        switch (tag.Name)
        {
            case "gpregs":
                Block(state, tag, GeneralRegisters.Length * 8, (bytes, set) =>
                {
                    for (int i = 0; i < GeneralRegisters.Length; i++)
                    {
                        set(GeneralRegisters[i], BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(i * 8)));
                    }
                });
                break;
            case "CR64" when tag.IndexCount == 1:
                // CR0 to CR8; there is no CR1, and none from CR5 to CR7.
                Block(state, tag, 72, (bytes, set) =>
                {
                    foreach (int i in (ReadOnlySpan<int>)[0, 2, 3, 4, 8])
                    {
                        set($"cr{i}", BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(i * 8)));
                    }
                });
                break;
            case "CR64" when tag.Second <= 8:
                Set($"cr{tag.Second}", state.Number(tag), overwrite: true);
                break;
            case "CR" when tag.IndexCount > 1 && tag.Second <= 8:
                Set($"cr{tag.Second}", state.Number(tag), overwrite: false);
                break;
            case "IDTR" when tag.IndexCount == 1:
                Block(state, tag, 10, (bytes, set) =>
                {
                    set("idt.limit", BinaryPrimitives.ReadUInt16LittleEndian(bytes));
                    set("idt_base", BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(2)));
                });
                break;
            case "S" when tag.IndexCount > 1 && tag.Second < Segments.Length:
                Set(Segments[tag.Second], state.Number(tag) & 0xffff, overwrite: true);
                break;
            case "S.base64" when tag.IndexCount > 1 && tag.Second < Segments.Length:
                Set($"{Segments[tag.Second]}_base", state.Number(tag), overwrite: true);
                break;
            default:
                if (Array.IndexOf(GeneralRegisters, tag.Name) >= 0)
                {
                    Set(tag.Name, state.Number(tag), overwrite: true);
                }
                else if (Single.TryGetValue(tag.Name, out string? name))
                {
                    Set(name, state.Number(tag), overwrite: tag.Size == 8);
                }

                break;
        }

        void Set(string name, ulong? value, bool overwrite)
        {
            if (value is not { } number)
            {
                return;
            }

            if (!cpus.TryGetValue(cpu, out Dictionary<string, ulong>? registers))
            {
                cpus.Add(cpu, registers = new(StringComparer.OrdinalIgnoreCase));
            }

            if (overwrite)
            {
                registers[name] = number;
            }
            else
            {
                registers.TryAdd(name, number);
            }
        }

        void Block(VmwareState state, in VmwareTag tag, int size, Action<byte[], Action<string, ulong>> decode)
        {
            if (tag.MemorySize == (ulong)size && state.Bytes(tag, 4096) is { } bytes && bytes.Length == size)
            {
                decode(bytes, (name, value) => Set(name, value, overwrite: true));
            }
        }
    }
}
