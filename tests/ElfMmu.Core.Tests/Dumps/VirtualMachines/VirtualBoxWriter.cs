using System.Buffers.Binary;
using ElfMmu.Elf;
using ElfMmu.Tests.Support;

namespace ElfMmu.Tests.Dumps.VirtualMachines;

/// <summary>Writes a core as VBoxManage debugvm dumpvmcore does, from VirtualBox's dbgfcorefmt.h and DBGFCoreWrite.cpp.</summary>
internal static class VirtualBoxWriter
{
    public const uint Version6 = 0x0001_0006;

    /// <param name="guest">What is in it.</param>
    /// <param name="format">The version of the format.</param>
    /// <param name="cpus">How many processors, all alike.</param>
    /// <param name="device">A range of a device, which has no bytes; its size 0 for none.</param>
    /// <param name="memory">Other memory than the guest's.</param>
    public static byte[] Build(
        Guest guest, uint format = Version6, uint cpus = 1, (ulong Start, ulong Size) device = default, params (ulong Start, byte[] Bytes)[] memory)
    {
        var notes = new MemoryStream();
        byte[] descriptor = new byte[24];
        uint[] words = [0xc01ac0de, format, 24, (7u << 24) | (0 << 16) | 14, 161095, cpus];
        Buffer.BlockCopy(words, 0, descriptor, 0, descriptor.Length);
        Note(notes, "VBCORE", 0xb00, descriptor);
        for (uint i = 0; i < cpus; i++)
        {
            Note(notes, "VBCPU", 0xb01, Cpu(guest, format));
        }

        var elf = new ElfBuilder(ElfClass.Elf64, ElfData.LittleEndian, ElfMachine.X86_64);
        elf.Notes(notes.ToArray());
        foreach ((ulong start, byte[] bytes) in memory.Length > 0 ? memory : guest.Memory)
        {
            elf.Load(start, bytes);
        }

        if (device.Size > 0)
        {
            elf.Load(device.Start, [], device.Size);
        }

        byte[] core = elf.Build();

        // VirtualBox leaves e_ident[EI_VERSION] at 0.
        core[6] = 0;
        return core;
    }

    /// <summary>The size counts no NUL, yet one is there; name and description are padded to 8.</summary>
    private static void Note(MemoryStream notes, string name, uint type, byte[] description)
    {
        var writer = new BinaryWriter(notes);
        writer.Write(name.Length);
        writer.Write(description.Length);
        writer.Write(type);
        byte[] padded = new byte[8];
        System.Text.Encoding.ASCII.GetBytes(name, padded);
        writer.Write(padded);
        writer.Write(description);
    }

    private static byte[] Cpu(Guest guest, uint format)
    {
        // cbExt and the 8 KiB of XSAVE follow; version 6 has TscAux before XCR0 and XCR1.
        var cpu = new MemoryStream();
        var writer = new BinaryWriter(cpu);
        string[] general =
            ["rax", "rbx", "rcx", "rdx", "rsi", "rdi", "r8", "r9", "r10", "r11", "r12", "r13", "r14", "r15", "rip", "rsp", "rbp", "eflags"];
        foreach (string register in general)
        {
            writer.Write(guest[register]);
        }

        foreach (string segment in new[] { "cs", "ds", "es", "fs", "gs", "ss" })
        {
            Segment(segment);
        }

        foreach (string register in new[] { "cr0", "cr2", "cr3", "cr4" })
        {
            writer.Write(guest[register]);
        }

        writer.Write(new byte[64]);
        foreach (string table in new[] { "gdt", "idt" })
        {
            writer.Write(guest[table + "_base"]);
            writer.Write((uint)guest[table + ".limit"]);
            writer.Write(0);
        }

        Segment("ldt");
        Segment("tr");
        writer.Write(new byte[24]);
        writer.Write(guest.Efer);
        writer.Write(new byte[format >= Version6 ? 80 : 72]);
        writer.Write(832u);
        writer.Write(0);
        writer.Write(new byte[8192]);
        return cpu.ToArray();

        void Segment(string name)
        {
            writer.Write(guest[name + "_base"]);
            writer.Write((uint)guest[name + ".limit"]);
            writer.Write((uint)(guest[name + ".flags"] >> 8) & 0xf0ff);
            writer.Write((ushort)guest[name]);
            writer.Write((ushort)0);
            writer.Write(0);
        }
    }
}
