using System.Globalization;
using System.Text;
using ElfMmu.Elf;
using ElfMmu.Tests.Support;
using Xunit;

namespace ElfMmu.Tests.Elf;

/// <summary>Archives as ar makes them, as BSD's ar makes them, and as nobody should.</summary>
public sealed class ArArchiveTests : IDisposable
{
    private static readonly string[] Names = ["a.o", "exactly-15-ch.o", "a-name-of-more-than-sixteen-characters.o", "b.o"];

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [ToolTheory("ar")]
    [InlineData("rc")]
    [InlineData("rcT")]
    [InlineData("rcS")]
    public void Members_have_their_names_and_bytes(string operation)
    {
        for (int i = 0; i < Names.Length; i++)
        {
            _folder.Write(Names[i], Elf((ulong)i + 1));
        }

        string archive = _folder.File("lib.a");
        ToolResult made = Tools.Run("ar", [operation, archive, .. Names.Select(_folder.File)]);
        Assert.True(made.ExitCode == 0, made.Errors);
        IElfSource[] members = [.. ElfSources.Of(archive)];
        string folder = operation == "rcT" ? _folder.Path + "/" : "";
        Assert.Equal(Names.Select(n => $"{archive}({folder}{n})"), members.Select(m => m.Path));
        for (int i = 0; i < members.Length; i++)
        {
            using ElfFile file = members[i].OpenElf();
            Assert.Equal((ulong)i + 1, file.Header.EntryPoint);
            Assert.Equal(64ul, file.Input.Length);
            Assert.Equal(members[i].Path, file.Header.Path);
        }
    }

    [ToolFact("ar", "readelf")]
    public void Archives_of_this_machine_have_the_members_ar_lists()
    {
        string[] archives = [.. new[] { "/usr/lib/x86_64-linux-gnu/libc.a", "/usr/aarch64-linux-gnu/lib/libc.a", "/usr/lib/gcc/x86_64-linux-gnu/12/libgcc.a" }
            .Where(File.Exists)];
        foreach (string archive in archives)
        {
            string[] names = Tools.Run("ar", "t", archive).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
            Assert.Equal(names, ArArchive.Members(archive).Select(m => m.Name));
        }
    }

    [Fact]
    public void Long_names_of_BSD_stand_before_the_content()
    {
        byte[] elf = Elf(7);
        string archive = _folder.Write("bsd.a", [.. "!<arch>\n"u8, .. Header("__.SYMDEF", 4), 0, 0, 0, 0,
            .. Header("#1/20", 20 + elf.Length), .. "a long name.o\0\0\0\0\0\0\0"u8, .. elf, .. Header("short.o", elf.Length), .. elf]);
        ArMember[] members = [.. ArArchive.Members(archive)];
        Assert.Equal(["a long name.o", "short.o"], members.Select(m => m.Name));
        using ElfFile file = members[0].OpenElf();
        Assert.Equal(7ul, file.Header.EntryPoint);
    }

    [Fact]
    public void Damage_is_told_behind_the_members_before_it()
    {
        byte[] elf = Elf(1);
        foreach (byte[] bad in new byte[][]
        {
            Header("b.o/", 1 << 30), Header("#1/99999", 10), Header("/5", 4), "short"u8.ToArray(), Header("#1/18446744073709551615", 0),
            [.. Encoding.ASCII.GetBytes(new string('x', 60))],
        })
        {
            string archive = _folder.Write("bad.a", [.. "!<arch>\n"u8, .. Header("a.o/", elf.Length), .. elf, .. bad]);
            var seen = new List<string>();
            ElfMmuException error = Assert.Throws<ElfMmuException>(() => seen.AddRange(ArArchive.Members(archive).Select(m => m.Name)));
            Assert.Equal("ArchiveInvalid", error.ErrorId);
            Assert.Equal(8ul + 60 + 64, error.Offset);
            using IEnumerator<ArMember> members = ArArchive.Members(archive).GetEnumerator();
            Assert.True(members.MoveNext());
            Assert.Equal("a.o", members.Current.Name);
        }
    }

    [Theory]
    [InlineData("/ /")]
    [InlineData("//:")]
    [InlineData(":1")]
    public void Names_of_nothing_but_signs_are_names(string name)
    {
        byte[] elf = Elf(1);
        string archive = _folder.Write("odd.a", [.. "!<arch>\n"u8, .. Header(name, elf.Length), .. elf]);
        Assert.Equal(64ul, Assert.Single(ArArchive.Members(archive)).Size);
    }

    [Fact]
    public void A_thin_member_that_is_gone_is_an_error_of_its_own()
    {
        string archive = _folder.Write("thin.a", [.. "!<thin>\n"u8, .. Header("//", 10), .. "gone/x.o/\n"u8, .. Header("/0", 64)]);
        ArMember member = Assert.Single(ArArchive.Members(archive));
        Assert.Equal("gone/x.o", member.Name);
        Assert.Equal("FileNotFound", Assert.Throws<ElfMmuException>(() => member.OpenElf()).ErrorId);
    }

    private static byte[] Header(string name, long size) => Encoding.ASCII.GetBytes(
        (name.PadRight(16)[..16] + "0".PadRight(12) + "0".PadRight(6) + "0".PadRight(6) + "644".PadRight(8)
            + size.ToString(CultureInfo.InvariantCulture).PadRight(10) + "`\n")[..60]);

    private static byte[] Elf(ulong entry)
    {
        byte[] bytes = new byte[64];
        ElfEncoder.WriteHeader(bytes, new ElfLayout
        {
            Class = ElfClass.Elf64, Data = ElfData.LittleEndian, Type = ElfType.Relocatable, Machine = ElfMachine.X86_64, EntryPoint = entry,
        });
        return bytes;
    }
}
