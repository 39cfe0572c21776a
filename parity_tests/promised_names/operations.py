"""The promised names of the space torch itself, by chapter of scratch."""

from __future__ import annotations

# chapter -> its names
NAMES: dict[str, str] = {
    "amp": """
        autocast clear_autocast_cache get_autocast_dtype
        is_autocast_cache_enabled is_autocast_enabled
    """,
    "autograd.vmapping": "vmap",
    "device": "device get_default_device set_default_device",
    "dtypes": """
        can_cast dtype get_default_dtype promote_types set_default_dtype
    """,
    "kernels.threads": "get_num_threads set_num_threads",
    "layouts": "layout memory_format",
    "legacy": "set_default_tensor_type",
    "limits": "finfo iinfo",
    "modes": """
        enable_grad inference_mode is_grad_enabled is_inference_mode_enabled
        no_grad set_grad_enabled
    """,
    "ops.activation": "celu hardshrink prelu rrelu selu threshold",
    "ops.adaptive_pooling": "adaptive_avg_pool1d",
    "ops.arithmetic": """
        add addcdiv addcmul div divide lerp mul multiply neg negative positive
        reciprocal rsub sub subtract true_divide
    """,
    "ops.bells": """
        bartlett_window blackman_window hamming_window hann_window
        kaiser_window
    """,
    "ops.bessel": "i0",
    "ops.combine": """
        cat chunk column_stack concat concatenate dsplit dstack hsplit hstack
        narrow narrow_copy row_stack select split split_with_sizes stack
        tensor_split unbind vsplit vstack
    """,
    "ops.comparison": """
        allclose eq equal ge greater greater_equal gt isclose isfinite isinf
        isnan isneginf isposinf le less less_equal lt ne not_equal signbit
    """,
    "ops.complexes": """
        angle complex conj conj_physical imag is_conj is_neg isreal polar real
        resolve_conj resolve_neg view_as_complex view_as_real
    """,
    "ops.convolution": """
        conv1d conv2d conv3d conv_transpose1d conv_transpose2d
        conv_transpose3d
    """,
    "ops.copies": """
        alias_copy as_strided_copy diagonal_copy expand_copy permute_copy
        slice_copy split_copy split_with_sizes_copy squeeze_copy t_copy
        transpose_copy unbind_copy unfold_copy unsafe_chunk unsafe_split
        unsafe_split_with_sizes unsqueeze_copy view_copy
    """,
    "ops.creation": """
        as_tensor empty empty_like empty_permuted empty_strided
        from_numpy full full_like ones ones_like scalar_tensor tensor zeros
        zeros_like
    """,
    "ops.decompositions": "svd",
    "ops.describe": "is_same_size numel",
    "ops.diagonal": """
        diag diag_embed diagflat diagonal diagonal_scatter select_scatter
        slice_scatter trace tril tril_indices triu triu_indices
    """,
    "ops.distance": "cdist cosine_similarity pairwise_distance pdist",
    "ops.division": """
        bitwise_left_shift bitwise_right_shift floor_divide fmod gcd lcm
        remainder
    """,
    "ops.dropout": """
        alpha_dropout dropout feature_alpha_dropout feature_dropout
    """,
    "ops.einsum": "einsum tensordot",
    "ops.elimination": "lu lu_solve lu_unpack",
    "ops.embedding": "embedding embedding_renorm_",
    "ops.extremes": "amax amin aminmax argmax argmin max min",
    "ops.gather": "gather scatter scatter_add scatter_reduce",
    "ops.histograms": "bincount histc histogram histogramdd",
    "ops.incomplete": "igamma igammac",
    "ops.inplace": "detach fill",
    "ops.instances": "instance_norm",
    "ops.lift": """
        atleast_1d atleast_2d atleast_3d broadcast_shapes broadcast_tensors
    """,
    "ops.linalg": "cholesky_inverse cholesky_solve det inverse logdet slogdet",
    "ops.linear": "bilinear",
    "ops.logarithms": "frexp ldexp logaddexp logaddexp2 xlogy",
    "ops.logic": """
        bitwise_and bitwise_not bitwise_or bitwise_xor logical_and logical_not
        logical_or logical_xor
    """,
    "ops.low_rank": "pca_lowrank svd_lowrank",
    "ops.masked": """
        argwhere masked_fill masked_scatter masked_select nonzero
        nonzero_static where
    """,
    "ops.matmul": """
        addbmm addmm addmv addr baddbmm bmm chain_matmul dot ger inner kron
        matmul mm mv outer vdot
    """,
    "ops.matrices": "cross matrix_exp matrix_power pinverse vander",
    "ops.minmax": "clamp clamp_max clamp_min clip fmax fmin maximum minimum",
    "ops.native": "native_batch_norm native_group_norm native_layer_norm",
    "ops.normalization": "batch_norm group_norm layer_norm rms_norm",
    "ops.norms": "dist norm",
    "ops.oddments": "nextafter renorm unravel_index",
    "ops.operands": "result_type",
    "ops.overlap": "istft",
    "ops.padding": "constant_pad_nd",
    "ops.pointwise": """
        abs absolute deg2rad exp exp2 expm1 log log10 log1p log2 logit
        nan_to_num rad2deg relu rsqrt sgn sigmoid sign sqrt
    """,
    "ops.pooling": """
        avg_pool1d max_pool1d max_pool1d_with_indices max_pool2d max_pool3d
    """,
    "ops.powers": "float_power pow square",
    "ops.recurrence": "gru_cell lstm_cell rnn_relu_cell rnn_tanh_cell",
    "ops.reduction": "all any count_nonzero mean nanmean nansum prod sum",
    "ops.reflections": "geqrf orgqr ormqr",
    "ops.repeat": """
        block_diag cartesian_prod combinations flip fliplr flipud meshgrid
        repeat_interleave roll rot90 tile
    """,
    "ops.reshaping": "resize_as_",
    "ops.rounding": "ceil copysign fix floor frac heaviside round trunc",
    "ops.sampling": """
        rand rand_like randint randint_like randn randn_like randperm
    """,
    "ops.scan": """
        cummax cummin cumprod cumsum cumulative_trapezoid diff logcumsumexp
        trapezoid trapz
    """,
    "ops.segments": "segment_reduce",
    "ops.selecting": """
        index_add index_copy index_fill index_put index_reduce index_select
        put take take_along_dim
    """,
    "ops.sequences": "arange eye linspace logspace range",
    "ops.shape": """
        adjoint broadcast_to clone flatten moveaxis movedim permute ravel
        reshape squeeze swapaxes swapdims t transpose unflatten unsqueeze
    """,
    "ops.sharing": "asarray from_dlpack frombuffer",
    "ops.short_time": "stft",
    "ops.shuffling": "channel_shuffle pixel_shuffle pixel_unshuffle",
    "ops.slopes": "gradient",
    "ops.softmax": "log_softmax logsumexp softmax",
    "ops.sorting": """
        argsort bucketize isin kthvalue median mode msort nanmedian
        searchsorted sort topk
    """,
    "ops.special": "digamma erf erfc erfinv lgamma mvlgamma polygamma",
    "ops.statistics": """
        corrcoef cov nanquantile quantile std std_mean var var_mean
    """,
    "ops.strides": "as_strided as_strided_scatter",
    "ops.triangular": "triangular_solve",
    "ops.trigonometry": """
        acos acosh arccos arccosh arcsin arcsinh arctan arctan2 arctanh asin
        asinh atan atan2 atanh cos cosh hypot sin sinc sinh tan tanh
    """,
    "ops.unique": "unique unique_consecutive",
    "ops.variates": "bernoulli binomial multinomial normal poisson",
    "printing": "set_printoptions",
    "queries": """
        are_deterministic_algorithms_enabled compile
        get_deterministic_debug_mode get_float32_matmul_precision
        is_anomaly_check_nan_enabled
        is_anomaly_enabled is_deterministic_algorithms_warn_only_enabled
        is_inference is_nonzero is_tensor
        set_anomaly_enabled set_deterministic_debug_mode
        set_float32_matmul_precision typename
        use_deterministic_algorithms
    """,
    "random": """
        Generator get_rng_state initial_seed manual_seed seed set_rng_state
    """,
    "serialization.checkpoint": "load save",
    "size": "Size",
    "storage": "TypedStorage UntypedStorage is_storage",
    "tensor": "Tensor",
}
