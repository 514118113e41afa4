using System.Text;
using System.Text.Json;

namespace ElfMmu.Cli.Tests;

public sealed class ReadTests : IDisposable
{
    private readonly SyntheticDump _dump = Dump();

    public void Dispose() => _dump.Dispose();

    [Fact]
    public void Bytes_are_a_hexadecimal_dump() => Assert.Equal(
        """
        0000000000600ff8  88 77 66 55 44 33 22 11  48 65 6c 6c 6f 00 c3 a9  .wfUD3".Hello...
        0000000000601008  00 00 00 00                                       ....

        """.ReplaceLineEndings("\n"),
        Read("0x600ff8", "--length", "20").Done().Output);

    [Fact]
    public void Values_stand_beside_their_addresses() => Assert.Equal(
        """
        0x0000000000600ff8  1432778632 (0x55667788)
        0x0000000000600ffc  287454020 (0x11223344)
        0x0000000000601000  1819043144 (0x6c6c6548)

        """.ReplaceLineEndings("\n"),
        Read("0x600ff8", "--type", "u32", "--count", "3").Done().Output);

    [Theory]
    [InlineData("u16be", "34935")]
    [InlineData("i8", "-120")]
    [InlineData("ptr", "0x1122334455667788")]
    [InlineData("f64", "3.841412024471731E-226")]
    public void Csv_of_values_is_exactly_this(string type, string value)
    {
        Assert.Equal($"VirtualAddress,Type,Value\n0x600ff8,{type},{value}\n", Read("0x600ff8", "--type", type, "--format", "csv").Done().Output);
    }

    [Fact]
    public void Several_addresses_are_read_one_after_the_other()
    {
        Assert.Equal("0x0000000000601000  72\n0x0000000000600ff8  136\n", Read("0x601000", "0x600ff8", "--type", "u8").Done().Output);
        CliRun run = Read("0x601000", "0x700000", "0x600ff8", "--type", "u8").Failed("MemoryAbsent");
        Assert.Equal("0x0000000000601000  72\n0x0000000000600ff8  136\n", run.Output);
        Assert.Contains("virtual 0x700000", run.Error, StringComparison.Ordinal);
        Assert.Contains("at physical 0xfec00000", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Text_ends_at_its_terminator()
    {
        Assert.Equal("0x0000000000601000  Hello\n", Read("0x601000", "--text", "ascii").Done().Output);
        Assert.Equal("0x0000000000601006  é\n", Read("0x601006", "--text", "utf8").Done().Output);
        Assert.Equal("0x0000000000601000  Hello.é\n", Read("0x601000", "--text", "utf8", "--length", "8", "--fixed-length").Done().Output);
        JsonElement text = Json(Read("0x601000", "--text", "latin1", "--length", "3", "--format", "json").Done())[0];
        Assert.Equal(("Hel", "Length", 3), (text.GetProperty("value").GetString(), text.GetProperty("end").GetString(), text.GetProperty("length").GetInt32()));
    }

    [Fact]
    public void Structures_have_the_fields_of_their_layout()
    {
        const string Layout = "u64 number; char[6] word; { u8 a; u8 b } pair; u8[2]";
        Assert.Equal(
            """
            0x0000000000600ff8
              +0x00  number    1234605616436508552 (0x1122334455667788)
              +0x08  word      'Hello'
              +0x0e  pair
                +0x0e  a  195
                +0x0f  b  169
              +0x10  field_10  0000

            """.ReplaceLineEndings("\n"),
            Read("0x600ff8", "--layout", Layout).Done().Output);
        Assert.Equal(
            "VirtualAddress,number,word,pair.a,pair.b,field_10\n0x600ff8,1234605616436508552,Hello,195,169,0000\n",
            Read("0x600ff8", "--layout", Layout, "--format", "csv").Done().Output);
        JsonElement item = Json(Read("0x600ff8", "--layout", Layout, "--format", "json").Done())[0];
        Assert.Equal("1234605616436508552", item.GetProperty("number").GetString());
        Assert.Equal(169, item.GetProperty("pair").GetProperty("b").GetInt32());
    }

    [Theory]
    [InlineData("u64", "\"1234605616436508552\"")]
    [InlineData("i64", "\"1234605616436508552\"")]
    [InlineData("u128", "\"[0-9]{30,40}\"")]
    [InlineData("u32", "1432778632")]
    [InlineData("i16", "30600")]
    [InlineData("f64", "3\\.84[0-9]*E-226")]
    [InlineData("ptr", "\"0x1122334455667788\"")]
    public void Json_has_no_number_that_its_readers_would_round(string type, string pattern) => Assert.Matches(
        $"^{pattern}$", Json(Read("0x600ff8", "--type", type, "--format", "json").Done())[0].GetProperty("value").GetRawText());

    [Fact]
    public void Zero_is_a_string_too_where_its_type_is_wide() =>
        Assert.Equal(
            ["0", "0"],
            Json(Read("0x600000", "--layout", "u64[2] pair", "--format", "json").Done())[0].GetProperty("pair").EnumerateArray().Select(v => v.GetString()));

    [Theory]
    [InlineData("--type", "u8", "0x80000", "PhysicalAddress,Type,Value\n0x80000,u8,195\n")]
    [InlineData("--layout", "u8 myField; char[4] N", "0x80000", "PhysicalAddress,myField,N\n0x80000,195,ÃÃÃÃ\n")]
    public void Physical_addresses_are_called_so_and_own_names_stay(string option, string value, string address, string csv) =>
        Assert.Equal(csv, CliRun.Of("read", _dump.Path, address, "--physical", option, value, "--format", "csv", "-q").Done().Output);

    [Fact]
    public void Raw_is_the_bytes_and_nothing_else()
    {
        using var output = new MemoryStream();
        using var error = new StringWriter();
        int code = CommandLine.Run(
            ["read", _dump.Path, "0x80000", "--physical", "--length", "0x2000", "--format", "raw"], output, error);
        Assert.Equal((0, ""), (code, error.ToString()));
        Assert.Equal(Enumerable.Repeat((byte)0xc3, 0x2000), output.ToArray());
    }

    [Fact]
    public void Raw_of_more_than_a_block_is_whole()
    {
        using var output = new MemoryStream();
        using var error = new StringWriter();
        Assert.Equal(0, CommandLine.Run(
            [
                "read", _dump.Path, "0x5ff000", "--length", "0x300000", "--format", "raw", "--absent", "fill", "--root", SyntheticDump.Root,
                "--mode", "ia32e",
            ],
            output,
            error));
        byte[] bytes = output.ToArray();
        Assert.Equal(0x300000, bytes.Length);
        Assert.Equal("Hello"u8.ToArray(), bytes[0x2000..0x2005]);
        Assert.Contains("in 4 ranges aren't there and are filled in, from virtual 0x5ff000", error.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("csv")]
    [InlineData("table")]
    public void Output_of_more_than_a_buffer_is_whole(string format)
    {
        string[] lines = Read("0x400000", "--type", "u8", "--count", "0x2000", "--format", format).Done().Output.TrimEnd('\n').Split('\n');
        lines = format == "csv" ? lines[1..] : lines;
        Assert.Equal(0x2000, lines.Length);
        Assert.Equal(
            Enumerable.Range(0x40_0000, 0x2000).Select(a => format == "csv" ? $"0x{a:x},u8,195" : $"0x{a:x16}  195"), lines);
    }

    [Fact]
    public void Absent_bytes_are_filled_or_end_the_read()
    {
        CliRun run = Read("0x601ffc", "--length", "8", "--fill-byte", "0xee", "--format", "csv");
        Assert.Equal((0, "VirtualAddress,Bytes\n0x601ffc,00000000eeeeeeee\n"), (run.Code, run.Output));
        Assert.Contains("warning: 4 bytes aren't there", run.Error, StringComparison.Ordinal);
        run = Read("0x601ffc", "--length", "8", "--absent", "stop", "--format", "csv");
        Assert.Equal((0, "VirtualAddress,Bytes\n0x601ffc,00000000\n"), (run.Code, run.Output));
        Assert.Contains("stopped before virtual 0x602000", run.Error, StringComparison.Ordinal);
        run = Read("0x601ffc", "--length", "8", "--absent", "fill");
        Assert.Contains("00 00 00 00 ?? ?? ?? ??", run.Output, StringComparison.Ordinal);
        Read("0x601ffc", "--length", "8").Failed("MemoryAbsent");
        Read("0xfffffffffffffff8", "--length", "9").Failed("AddressRangeInvalid");
    }

    [Theory]
    [InlineData("--type and --text contradict", "--type", "u8", "--text", "ascii")]
    [InlineData("--type and --length contradict", "--type", "u8", "--length", "4")]
    [InlineData("--count needs --type or --layout", "--count", "4")]
    [InlineData("--fixed-length needs --length", "--text", "ascii", "--fixed-length")]
    [InlineData("leave --text out", "--text", "ascii", "--format", "raw")]
    [InlineData("'u9' isn't a type", "--type", "u9")]
    [InlineData("The layout is wrong at character 4", "--layout", "u8 }")]
    [InlineData("can't be named 'PhysicalAddress'", "--layout", "u8 a; u8 PhysicalAddress")]
    [InlineData("from 0 to 255", "--fill-byte", "256")]
    [InlineData("isn't one of error, fill, stop", "--absent", "ignore")]
    public void What_makes_no_sense_is_refused(string mentions, params string[] options) =>
        Read(["0x601000", .. options]).Refused(mentions);

    [Fact]
    public void An_address_is_needed()
    {
        CliRun.Of("read", _dump.Path).Refused("Required argument missing");
        CliRun.Of("read", _dump.Path, "start").Refused("ADDRESS: 'start' isn't an address");
    }

    private static JsonElement[] Json(CliRun run)
    {
        using var document = JsonDocument.Parse(run.Output);
        return [.. document.RootElement.EnumerateArray().Select(e => e.Clone())];
    }

    private static SyntheticDump Dump()
    {
        SyntheticDump dump = SyntheticDump.Typical();

        // The two pages at 0x600000 follow each other in the space only.
        dump.Write(0x9_0ff8, 0x1122334455667788);
        dump.Write(0x9_2000, BitConverter.ToUInt64(Encoding.UTF8.GetBytes("Hello\0é")));
        return dump.Save();
    }

    private CliRun Read(params string[] args) => CliRun.OfRaw("read", [_dump.Path, .. args]);
}
