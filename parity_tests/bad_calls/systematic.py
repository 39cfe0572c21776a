"""Every argument of every layer and loss, replaced by what does not belong.

A good call is a name and its arguments, each an expression. From it come
calls with one argument replaced: another type, number, length, word, shape
or dtype. Which of them torch refuses is seen by running them.
"""

from __future__ import annotations

from collections.abc import Iterator

# what an argument is: how to spoil it ({} is the good expression)
SPOILT = {
    "tensor": ["None", "'a'", "3", "2.5", "[1.0]", "{}.long()", "{}.bool()",
               "{}.double()", "{}.half()", "{}[None]", "{}[0]", "{}[:, :1]",
               "{}[:1]", "{}[:0]", "{}[..., :1]", "{}[..., :0]",
               "{}.reshape(-1)", "{}.sum()", "{}.to(torch.complex64)"],
    "classes": ["None", "'a'", "3", "[0]", "{}.int()", "{}.bool()",
                "{}.float()", "{}.double()", "{}[None]", "{}[0]", "{}[:1]",
                "{}[:0]", "{} + 9", "{} - 9", "{}.sum()"],
    "int": ["None", "'a'", "-1", "0", "1.5", "True", "()", "(1,)", "[2]",
            "(1, 1)", "(1, 1, 1)", "(1, 2, 1, 2, 1)", "(1, 'a')", "(1.5, 1)",
            "(-1, 1)", "(0, 1)", "v", "k(1)", "9", "-9", "2.0"],
    "float": ["None", "'a'", "-1.0", "0.0", "1.5", "2", "True", "(1.0,)",
              "float('nan')", "float('inf')", "v", "k(1.)", "1j"],
    "bool": ["None", "'a'", "1", "0.5", "(True,)", "v", "b"],
    "word": ["None", "'x'", "3", "''", "b'mean'", "True", "('mean',)", "v"],
    "dtype": ["'a'", "3", "float"],
}
I, D, B, W, T, C = "int", "float", "bool", "word", "tensor", "classes"
Call = tuple[str, list[tuple[str, str, str]]]


def of(name: str, *arguments: str) -> Call:
    """A good call from lines `argument kind expression`."""
    parts = [line.split(" ", 2) for line in arguments]
    return name, [(a, kind, text) for a, kind, text in parts]


def spoilt(call: Call) -> Iterator[str]:
    """Its calls with one argument replaced, one missing, one too many."""
    name, arguments = call
    for i, (_, kind, good) in enumerate(arguments):
        for bad in SPOILT[kind]:
            texts = [text for _, _, text in arguments]
            texts[i] = bad.replace("{}", good)
            yield written(name, arguments, texts)
    texts = [text for _, _, text in arguments]
    yield written(name, arguments, texts)[:-1] + ", no_such=1)"


def written(name: str, arguments: list, texts: list) -> str:
    """The line of a call. Of a module: made of those arguments that are not
    marked by a dot, called with those that are."""
    made, given = [], []
    for (key, _, _), text in zip(arguments, texts, strict=True):
        if key.startswith("."):
            given.append(text)
        else:
            made.append(f"{key}={text}")
    if not name.startswith("nn."):
        return f"{name}({', '.join(given + made)})"
    return f"{name}({', '.join(made)})({', '.join(given)})"


IMAGES = {1: "r(2, 4, 6)", 2: "r(2, 4, 6, 6)", 3: "r(2, 4, 4, 4, 4)"}
GOOD: list[Call] = []
for n, x in IMAGES.items():
    w = "r(4, 2" + ", 2" * n + ")"
    GOOD += [
        of(f"F.conv{n}d", f".x tensor {x}", f"weight tensor {w}",
           "bias tensor r(4)", "stride int 1", "padding int 0",
           "dilation int 1", "groups int 2"),
        of(f"F.conv_transpose{n}d", f".x tensor {x}", f"weight tensor {w}",
           "bias tensor r(4)", "stride int 2", "padding int 0",
           "output_padding int 1", "groups int 2", "dilation int 1"),
        of(f"nn.Conv{n}d", "in_channels int 4", "out_channels int 4",
           "kernel_size int 2", "stride int 1", "padding int 1",
           "dilation int 1", "groups int 2", "bias bool True",
           "padding_mode word 'reflect'", f".x tensor {x}"),
        of(f"nn.ConvTranspose{n}d", "in_channels int 4",
           "out_channels int 4", "kernel_size int 2", "stride int 2",
           "padding int 1", "output_padding int 1", "groups int 2",
           "bias bool True", "dilation int 1", "padding_mode word 'zeros'",
           f".x tensor {x}"),
    ]
    for lead, end in (("F.max_pool", "d"), ("nn.MaxPool", "d")):
        GOOD.append(of(f"{lead}{n}{end}", "kernel_size int 2",
                       "stride int 2", "padding int 1", "dilation int 1",
                       "ceil_mode bool True", "return_indices bool False",
                       f".x tensor {x}"))
    for lead in ("F.avg_pool", "nn.AvgPool"):
        more = ["divisor_override int 3"] if n > 1 else []
        GOOD.append(of(f"{lead}{n}d", "kernel_size int 2", "stride int 2",
                       "padding int 1", "ceil_mode bool True",
                       "count_include_pad bool False", *more,
                       f".x tensor {x}"))
    for lead in ("F.lp_pool", "nn.LPPool"):
        GOOD.append(of(f"{lead}{n}d", "norm_type float 2.0",
                       "kernel_size int 2", "stride int 2",
                       "ceil_mode bool True", f".x tensor {x}"))
    for lead in ("F.adaptive_avg_pool", "nn.AdaptiveAvgPool"):
        GOOD.append(of(f"{lead}{n}d", "output_size int 2", f".x tensor {x}"))
    for lead in ("F.adaptive_max_pool", "nn.AdaptiveMaxPool"):
        GOOD.append(of(f"{lead}{n}d", "output_size int 2",
                       "return_indices bool True", f".x tensor {x}"))
    where = "torch.arange(8).reshape(2, 4" + ", 1" * n + ") * 0"
    small = "r(2, 4" + ", 1" * n + ")"
    for lead in ("F.max_unpool", "nn.MaxUnpool"):
        GOOD.append(of(f"{lead}{n}d", f".x tensor {small}",
                       f".i classes {where}", "kernel_size int 2",
                       "stride int 2", "padding int 0"))
    for kind in ("BatchNorm", "InstanceNorm"):
        GOOD.append(of(f"nn.{kind}{n}d", "num_features int 4",
                       "eps float 1e-5", "momentum float 0.1",
                       "affine bool True", "track_running_stats bool True",
                       f".x tensor {x}"))
    for kind in ("ReflectionPad", "ReplicationPad", "CircularPad",
                 "ZeroPad"):
        GOOD.append(of(f"nn.{kind}{n}d", "padding int 1", f".x tensor {x}"))
    GOOD.append(of(f"nn.ConstantPad{n}d", "padding int 1",
                   "value float 0.5", f".x tensor {x}"))
    for lead in ("F.dropout", "nn.Dropout"):
        GOOD.append(of(f"{lead}{n}d", "p float 0.5", "inplace bool False",
                       f".x tensor {x}"))
X = "r(2, 4, 6, 6)"
GOOD += [
    of("F.linear", ".x tensor r(3, 4)", "weight tensor r(5, 4)",
       "bias tensor r(5)"),
    of("nn.Linear", "in_features int 4", "out_features int 2",
       "bias bool True", ".x tensor r(3, 4)"),
    of("F.bilinear", ".x tensor r(3, 4)", ".y tensor r(3, 2)",
       "weight tensor r(5, 4, 2)", "bias tensor r(5)"),
    of("nn.Bilinear", "in1_features int 4", "in2_features int 2",
       "out_features int 3", "bias bool True", ".x tensor r(3, 4)",
       ".y tensor r(3, 2)"),
    of("nn.Identity", ".x tensor r(3, 4)"),
    of("nn.Flatten", "start_dim int 1", "end_dim int -1",
       ".x tensor r(2, 3, 4)"),
    of("nn.Unflatten", "dim int 1", "unflattened_size int (2, 2)",
       ".x tensor r(3, 4)"),
    of("F.batch_norm", f".x tensor {X}", "running_mean tensor r(4)",
       "running_var tensor r(4).exp()", "weight tensor r(4)",
       "bias tensor r(4)", "training bool True", "momentum float 0.1",
       "eps float 1e-5"),
    of("F.instance_norm", f".x tensor {X}", "running_mean tensor r(4)",
       "running_var tensor r(4).exp()", "weight tensor r(4)",
       "bias tensor r(4)", "use_input_stats bool True",
       "momentum float 0.1", "eps float 1e-5"),
    of("F.layer_norm", ".x tensor r(3, 4)", "normalized_shape int (4,)",
       "weight tensor r(4)", "bias tensor r(4)", "eps float 1e-5"),
    of("nn.LayerNorm", "normalized_shape int 4", "eps float 1e-5",
       "elementwise_affine bool True", "bias bool True",
       ".x tensor r(3, 4)"),
    of("F.group_norm", f".x tensor {X}", "num_groups int 2",
       "weight tensor r(4)", "bias tensor r(4)", "eps float 1e-5"),
    of("nn.GroupNorm", "num_groups int 2", "num_channels int 4",
       "eps float 1e-5", "affine bool True", f".x tensor {X}"),
    of("F.rms_norm", ".x tensor r(3, 4)", "normalized_shape int (4,)",
       "weight tensor r(4)", "eps float 1e-5"),
    of("nn.RMSNorm", "normalized_shape int 4", "eps float 1e-5",
       "elementwise_affine bool True", ".x tensor r(3, 4)"),
    of("F.local_response_norm", f".x tensor {X}", "size int 2",
       "alpha float 1e-4", "beta float 0.75", "k float 1.0"),
    of("nn.LocalResponseNorm", "size int 2", "alpha float 1e-4",
       "beta float 0.75", "k float 1.0", f".x tensor {X}"),
    of("F.unfold", f".x tensor {X}", "kernel_size int 2", "dilation int 1",
       "padding int 0", "stride int 1"),
    of("nn.Unfold", "kernel_size int 2", "dilation int 1", "padding int 0",
       "stride int 1", f".x tensor {X}"),
    of("F.fold", ".x tensor r(2, 8, 9)", "output_size int 4",
       "kernel_size int 2", "dilation int 1", "padding int 0",
       "stride int 1"),
    of("nn.Fold", "output_size int 4", "kernel_size int 2",
       "dilation int 1", "padding int 0", "stride int 1",
       ".x tensor r(2, 8, 9)"),
    of("F.embedding", ".i classes k([[0, 1], [2, 3]])",
       "weight tensor r(5, 3)", "padding_idx int 1", "max_norm float 1.5",
       "norm_type float 2.0", "scale_grad_by_freq bool True",
       "sparse bool False"),
    of("nn.Embedding", "num_embeddings int 5", "embedding_dim int 3",
       "padding_idx int 1", "max_norm float 1.5", "norm_type float 2.0",
       "scale_grad_by_freq bool True", "sparse bool False",
       ".i classes k([[0, 1], [2, 3]])"),
    of("F.pad", f".x tensor {X}", "pad int (1, 1)", "mode word 'constant'",
       "value float 0.5"),
    of("F.pad", f".x tensor {X}", "pad int (1, 1, 1, 1)",
       "mode word 'reflect'"),
    of("F.interpolate", f".x tensor {X}", "size int 3",
       "mode word 'bilinear'", "align_corners bool False",
       "antialias bool False"),
    of("F.interpolate", f".x tensor {X}", "scale_factor float 2.0",
       "mode word 'nearest'", "recompute_scale_factor bool True"),
    of("nn.Upsample", "size int 3", "mode word 'bilinear'",
       "align_corners bool False", f".x tensor {X}"),
    of("nn.Upsample", "scale_factor float 2.0", f".x tensor {X}"),
    of("F.pixel_shuffle", f".x tensor {X}", "upscale_factor int 2"),
    of("nn.PixelShuffle", "upscale_factor int 2", f".x tensor {X}"),
    of("F.pixel_unshuffle", f".x tensor {X}", "downscale_factor int 2"),
    of("nn.PixelUnshuffle", "downscale_factor int 2", f".x tensor {X}"),
    of("F.channel_shuffle", f".x tensor {X}", "groups int 2"),
    of("F.normalize", ".x tensor r(3, 4)", "p float 2.0", "dim int 1",
       "eps float 1e-12"),
    of("F.cosine_similarity", ".x tensor r(3, 4)", ".y tensor r(3, 4)",
       "dim int 1", "eps float 1e-8"),
    of("nn.CosineSimilarity", "dim int 1", "eps float 1e-8",
       ".x tensor r(3, 4)", ".y tensor r(3, 4)"),
    of("F.pairwise_distance", ".x tensor r(3, 4)", ".y tensor r(3, 4)",
       "p float 2.0", "eps float 1e-6", "keepdim bool True"),
    of("nn.PairwiseDistance", "p float 2.0", "eps float 1e-6",
       "keepdim bool True", ".x tensor r(3, 4)", ".y tensor r(3, 4)"),
    of("F.one_hot", ".i classes k([[0, 1], [2, 3]])", "num_classes int 4"),
    of("F.dropout", ".x tensor r(3, 4)", "p float 0.5", "training bool True",
       "inplace bool False"),
    of("nn.Dropout", "p float 0.5", "inplace bool False",
       ".x tensor r(3, 4)"),
    of("F.alpha_dropout", ".x tensor r(3, 4)", "p float 0.5",
       "training bool True", "inplace bool False"),
    of("nn.AlphaDropout", "p float 0.5", "inplace bool False",
       ".x tensor r(3, 4)"),
    of("nn.Softmax2d", f".x tensor {X}"),
    of("F.prelu", f".x tensor {X}", "weight tensor r(4)"),
    of("nn.PReLU", "num_parameters int 4", "init float 0.2",
       f".x tensor {X}"),
]
QUERY, KEY = ".q tensor r(2, 3, 4)", ".k tensor r(2, 5, 4)"
VALUE = ".v tensor r(2, 5, 4)"
HEADS = ("embed_dim int 4", "num_heads int 2", "dropout float 0.0",
         "bias bool True", "add_bias_kv bool True",
         "add_zero_attn bool True", "kdim int 4", "vdim int 4",
         "batch_first bool True")
LAYER = ("d_model int 4", "nhead int 2", "dim_feedforward int 6",
         "dropout float 0.0", "activation word 'relu'",
         "layer_norm_eps float 1e-5", "batch_first bool True",
         "norm_first bool False", "bias bool True")
PADDING = "torch.zeros({}).bool()"
GOOD += [
    of("F.scaled_dot_product_attention", QUERY, KEY, VALUE,
       "attn_mask tensor r(3, 5)", "dropout_p float 0.0",
       "is_causal bool False", "scale float 0.5", "enable_gqa bool False"),
    of("F.scaled_dot_product_attention", ".q tensor r(2, 4, 3, 4)",
       ".k tensor r(2, 2, 5, 4)", ".v tensor r(2, 2, 5, 4)",
       "is_causal bool True", "enable_gqa bool True"),
    of("nn.MultiheadAttention", *HEADS, QUERY, KEY, VALUE,
       ".p tensor " + PADDING.format("2, 5"), ".weights bool True",
       ".mask tensor " + PADDING.format("3, 5"), ".mean bool True",
       ".causal bool False"),
    of("nn.MultiheadAttention", *HEADS[:2], QUERY, KEY.replace("2, 5", "2, 3"),
       VALUE.replace("2, 5", "2, 3"), ".p word None", ".weights bool False",
       ".mask tensor r(2, 2)"),
    of("nn.TransformerEncoderLayer", *LAYER, QUERY,
       ".mask tensor " + PADDING.format("3, 3"),
       ".p tensor " + PADDING.format("2, 3"), ".causal bool False"),
    of("nn.TransformerDecoderLayer", *LAYER, QUERY, KEY,
       ".mask tensor " + PADDING.format("3, 3"),
       ".over tensor " + PADDING.format("3, 5"),
       ".p tensor " + PADDING.format("2, 3"),
       ".p2 tensor " + PADDING.format("2, 5"), ".causal bool False",
       ".causal2 bool False"),
    of("nn.TransformerEncoder",
       "encoder_layer tensor nn.TransformerEncoderLayer(4, 2, 6, 0.0)",
       "num_layers int 2", "norm word None",
       "enable_nested_tensor bool False", "mask_check bool True", QUERY,
       ".mask tensor " + PADDING.format("2, 2"),
       ".p tensor " + PADDING.format("3, 2"), ".causal bool False"),
    of("nn.TransformerDecoder",
       "decoder_layer tensor nn.TransformerDecoderLayer(4, 2, 6, 0.0)",
       "num_layers int 2", "norm word None", QUERY,
       ".memory tensor r(5, 3, 4)", ".mask tensor " + PADDING.format("2, 2"),
       ".over tensor " + PADDING.format("2, 5"),
       ".p tensor " + PADDING.format("3, 2"),
       ".p2 tensor " + PADDING.format("3, 5"), ".causal bool False",
       ".causal2 bool False"),
]
ACTIVATIONS = {
    "sigmoid": "Sigmoid", "logsigmoid": "LogSigmoid", "tanh": "Tanh",
    "hardsigmoid inplace": "Hardsigmoid", "tanhshrink": "Tanhshrink",
    "hardtanh min_val=-1.0 max_val=1.0 inplace": "Hardtanh",
    "relu inplace": "ReLU", "relu6 inplace": "ReLU6",
    "leaky_relu negative_slope=0.1 inplace": "LeakyReLU",
    "rrelu lower=0.1 upper=0.3 inplace": "RReLU",
    "elu alpha=1.0 inplace": "ELU", "selu inplace": "SELU",
    "celu alpha=1.0 inplace": "CELU", "silu inplace": "SiLU",
    "mish inplace": "Mish", "hardswish inplace": "Hardswish",
    "softplus beta=1.0 threshold=20.0": "Softplus", "softsign": "Softsign",
    "softshrink lambd=0.5": "Softshrink", "hardshrink lambd=0.5":
    "Hardshrink", "threshold threshold=0.1 value=2.0 inplace": "Threshold",
    "softmax dim": "Softmax", "softmin dim": "Softmin",
    "log_softmax dim": "LogSoftmax", "glu dim": "GLU",
    "gelu approximate": "GELU",
}
TEXTS = {"inplace": "inplace bool False", "dim": "dim int 1",
         "approximate": "approximate word 'none'"}
for line, kind in ACTIVATIONS.items():
    word, *options = line.split()
    given = [TEXTS.get(o) or "{} float {}".format(*o.split("="))
             for o in options]
    GOOD.append(of(f"F.{word}", ".x tensor r(3, 4)", *given))
    GOOD.append(of(f"nn.{kind}", *given, ".x tensor r(3, 4)"))
HOW = "reduction word 'mean'"
PAIR = (".x tensor r(3, 4)", ".y tensor r(3, 4)")
LOSSES: dict[str, tuple[tuple, tuple]] = {  # inputs, options
    "mse_loss MSELoss": (PAIR, ()), "l1_loss L1Loss": (PAIR, ()),
    "smooth_l1_loss SmoothL1Loss": (PAIR, ("beta float 1.0",)),
    "huber_loss HuberLoss": (PAIR, ("delta float 1.0",)),
    "cross_entropy CrossEntropyLoss": (
        (".x tensor r(3, 4)", ".y classes k([0, 1, 2])"),
        ("weight tensor r(4).exp()", "ignore_index int 1",
         "label_smoothing float 0.1")),
    "nll_loss NLLLoss": (
        (".x tensor r(3, 4)", ".y classes k([0, 1, 2])"),
        ("weight tensor r(4).exp()", "ignore_index int 1")),
    "binary_cross_entropy BCELoss": (
        (".x tensor r(3, 4).sigmoid()", ".y tensor r(3, 4).sigmoid()"),
        ("weight tensor r(4).exp()",)),
    "binary_cross_entropy_with_logits BCEWithLogitsLoss": (
        (".x tensor r(3, 4)", ".y tensor r(3, 4).sigmoid()"),
        ("weight tensor r(4).exp()", "pos_weight tensor r(4).exp()")),
    "kl_div KLDivLoss": (
        (".x tensor r(3, 4)", ".y tensor r(3, 4).exp()"),
        ("log_target bool False",)),
    "gaussian_nll_loss GaussianNLLLoss": (
        (*PAIR, ".v tensor r(3, 4).exp()"),
        ("full bool True", "eps float 1e-6")),
    "poisson_nll_loss PoissonNLLLoss": (
        (".x tensor r(3, 4)", ".y tensor r(3, 4).exp()"),
        ("log_input bool True", "full bool True", "eps float 1e-8")),
    "multi_margin_loss MultiMarginLoss": (
        (".x tensor r(3, 4)", ".y classes k([0, 1, 2])"),
        ("p int 1", "margin float 1.0", "weight tensor r(4).exp()")),
    "multilabel_margin_loss MultiLabelMarginLoss": (
        (".x tensor r(2, 4)", ".y classes k([[0, 1, -1, -1], [2, -1, 0, 0]])"
         ), ()),
    "multilabel_soft_margin_loss MultiLabelSoftMarginLoss": (
        (".x tensor r(3, 4)", ".y tensor r(3, 4).sigmoid()"),
        ("weight tensor r(4).exp()",)),
    "soft_margin_loss SoftMarginLoss": (
        (".x tensor r(3, 4)", ".y tensor r(3, 4).sign()"), ()),
    "hinge_embedding_loss HingeEmbeddingLoss": (
        (".x tensor r(3, 4)", ".y tensor r(3, 4).sign()"),
        ("margin float 1.0",)),
    "margin_ranking_loss MarginRankingLoss": (
        (*PAIR, ".t tensor r(3, 4).sign()"), ("margin float 1.0",)),
    "cosine_embedding_loss CosineEmbeddingLoss": (
        (*PAIR, ".t tensor r(3).sign()"), ("margin float 0.1",)),
    "triplet_margin_loss TripletMarginLoss": (
        (*PAIR, ".n tensor r(3, 4)"),
        ("margin float 1.0", "p float 2.0", "eps float 1e-6",
         "swap bool True")),
}
for names, (inputs, choices) in LOSSES.items():
    word, kind = names.split()
    GOOD.append(of(f"F.{word}", *inputs, *choices, HOW))
    GOOD.append(of(f"nn.{kind}", *choices, HOW, *inputs))


def calls() -> list[str]:
    """All spoilt calls, each once."""
    return list(dict.fromkeys(
        line for call in GOOD for line in spoilt(call)))


def good_calls() -> list[str]:
    """The calls before they are spoilt."""
    return [written(name, arguments, [text for _, _, text in arguments])
            for name, arguments in GOOD]
